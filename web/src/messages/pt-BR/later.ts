import type { Later } from '../en';
import { commands } from './commands';
import { diagnostics } from './diagnostics';
import { errors } from './errors';
import { fields } from './fields';
import { step } from './step';

export const later: Later = {
  commands,
  diagnostics,
  errors,
  fields,
  step,
};
