import type { DropTarget, ItemDropTarget, Key, Node } from '@react-types/shared';
import { type ListLayout, type ListLayoutOptions, Rect, Size } from 'react-aria-components/Virtualizer';
import { StepsLayout } from './StepsLayout';

export interface ColumnLayoutOptions extends ListLayoutOptions {
  /** Columns are as high as the board, and at least this high: then the board scrolls. */
  minColumnHeight?: number;
  /** The room behind each column, which belongs to it; drops are shown in its middle. */
  gutter?: number;
}

/**
 * Columns from left to right. React Aria's list has them, but it looks for the place of a drop along the y axis in both
 * orientations, and its columns are never higher than the window.
 */
export class ColumnLayout<T> extends StepsLayout<T, ColumnLayoutOptions> {
  #minColumnHeight = 0;
  #gutter = 0;

  override update(context: Parameters<ListLayout<T, ColumnLayoutOptions>['update']>[0]): void {
    this.#minColumnHeight = context.layoutOptions?.minColumnHeight ?? 0;
    this.#gutter = context.layoutOptions?.gutter ?? 0;
    super.update(context);
  }

  protected override buildItem(node: Node<T>, x: number, y: number) {
    const item = super.buildItem(node, x, y);
    item.layoutInfo.rect.height = Math.max(item.layoutInfo.rect.height, this.#minColumnHeight);
    return item;
  }

  protected override buildCollection(offset?: number) {
    const nodes = super.buildCollection(offset);
    const { width, height } = this.contentSize;
    const least = this.collection.size === 0 ? 0 : this.#minColumnHeight + 2 * this.padding;
    this.contentSize = new Size(width, Math.max(height, least));
    return nodes;
  }

  override getDropTargetFromPoint(
    x: number,
    _y: number,
    isValidDropTarget: (target: DropTarget) => boolean,
  ): DropTarget | null {
    return columnTarget(this, x, isValidDropTarget, this.virtualizer?.visibleRect ?? new Rect());
  }

  override getDropTargetLayoutInfo(target: ItemDropTarget) {
    const info = super.getDropTargetLayoutInfo(target);
    info.rect.x = Math.max(0, info.rect.x - this.#gutter / 2);
    return info;
  }
}

function columnTarget<T>(
  layout: ColumnLayout<T>,
  x: number,
  isValid: (target: DropTarget) => boolean,
  visible: Rect,
): DropTarget | null {
  const at = x + visible.x;
  // Wide enough to find a column also from the padding around the columns.
  const around = new Rect(at - NEAR, visible.y, 2 * NEAR, Math.max(1, visible.height));
  let nearest: { key: Key; rect: Rect } | null = null;
  let distance = Infinity;
  for (const { key, rect, type } of layout.getVisibleLayoutInfos(around)) {
    if (type !== 'item') continue;
    const away = Math.max(rect.x - at, at - rect.maxX, 0);
    if (away < distance) {
      distance = away;
      nearest = { key, rect };
    }
  }
  if (nearest === null) return { type: 'root' };
  const { key, rect } = nearest;
  const sides: ItemDropTarget['dropPosition'][] =
    at <= rect.x + rect.width / 2 ? ['before', 'after'] : ['after', 'before'];
  const target = sides.map((dropPosition): ItemDropTarget => ({ type: 'item', key, dropPosition })).find(isValid);
  return target ?? null;
}

const NEAR = 40;
