import type { Messages } from './en';
import { app } from './pt-BR/app';
import { errors } from './pt-BR/errors';
import { ui } from './pt-BR/ui';
import { undo } from './pt-BR/undo';

export const messages: Messages = { app, ui, errors, undo };
