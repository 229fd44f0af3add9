import type { Later } from '../en';
import { diagnostics } from './diagnostics';
import { errors } from './errors';
import { fields } from './fields';
import { step } from './step';

export const later: Later = { errors, fields, diagnostics, step };
