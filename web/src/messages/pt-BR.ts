import type { First } from './en';
import { app } from './pt-BR/app';
import { failures } from './pt-BR/failures';
import { ui } from './pt-BR/ui';
import { undo } from './pt-BR/undo';
import { values } from './pt-BR/values';

export const first: First = { app, ui, failures, undo, values };
