import type { Messages } from './en';
import { app } from './pt-BR/app';
import { errors } from './pt-BR/errors';
import { ui } from './pt-BR/ui';

export const messages: Messages = { app, ui, errors };
