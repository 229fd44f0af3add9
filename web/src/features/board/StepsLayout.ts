import { type LayoutInfo, ListLayout, type ListLayoutOptions, Rect } from 'react-aria-components/Virtualizer';

/**
 * React Aria's list. To know whether it has the places of all items, that one compares the area that it was asked for
 * with the area of its content, and with the room around the content, which it is asked for in advance, it takes a part
 * for the whole: then the places of items outside of the window were unknown, and nothing could scroll to them.
 */
export class StepsLayout<T, O extends ListLayoutOptions = ListLayoutOptions> extends ListLayout<T, O> {
  override getVisibleLayoutInfos(rect: Rect): LayoutInfo[] {
    const inside = rect.intersection(new Rect(0, 0, this.contentSize.width, this.contentSize.height));
    return super.getVisibleLayoutInfos(inside.area > 0 ? inside : rect);
  }
}
