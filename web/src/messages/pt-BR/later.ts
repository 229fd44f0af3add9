import type { Later } from '../en';
import { agents } from './agents';
import { commands } from './commands';
import { diagnostics } from './diagnostics';
import { difference } from './difference';
import { directory } from './directory';
import { errors } from './errors';
import { fields } from './fields';
import { flow } from './flow';
import { history } from './history';
import { people } from './people';
import { plan } from './plan';
import { problems } from './problems';
import { simulate } from './simulate';
import { step } from './step';

export const later: Later = {
  agents,
  commands,
  diagnostics,
  difference,
  directory,
  errors,
  fields,
  flow,
  history,
  people,
  plan,
  problems,
  simulate,
  step,
};
