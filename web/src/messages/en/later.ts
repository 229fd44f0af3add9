import { commands } from './commands';
import { diagnostics } from './diagnostics';
import { errors } from './errors';
import { fields } from './fields';
import { step } from './step';

/** The messages of what is not drawn at once: panels, dialogs, and screens that are loaded when they are opened. */
export const later = {
  commands,
  diagnostics,
  errors,
  fields,
  step,
};
