import type { First } from './en';
import { app } from './pt-BR/app';
import { board } from './pt-BR/board';
import { failures } from './pt-BR/failures';
import { frame } from './pt-BR/frame';
import { pipelines } from './pt-BR/pipelines';
import { ui } from './pt-BR/ui';
import { undo } from './pt-BR/undo';
import { values } from './pt-BR/values';

export const first: First = { app, board, frame, pipelines, ui, failures, undo, values };
