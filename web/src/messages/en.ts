import { app } from './en/app';
import { board } from './en/board';
import { failures } from './en/failures';
import { frame } from './en/frame';
import { pipelines } from './en/pipelines';
import { ui } from './en/ui';
import { undo } from './en/undo';
import { values } from './en/values';
import type { later } from './en/later';

/**
 * The English messages that a screen needs when it is first drawn. Those of everything that is loaded later are in
 * `en/later.ts`. Their types together are those of all languages: what one lacks is a type error.
 */
export const first = { app, board, frame, pipelines, ui, failures, undo, values };

export type First = typeof first;
export type Later = typeof later;
export type Messages = First & Later;
