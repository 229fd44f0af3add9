import { app } from './en/app';
import { errors } from './en/errors';
import { ui } from './en/ui';
import { undo } from './en/undo';

/** The English messages. Their type is that of all languages: what one lacks is a type error. */
export const messages = { app, ui, errors, undo };

export type Messages = typeof messages;
