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

/** The messages of what is not drawn at once: panels, dialogs, and screens that are loaded when they are opened. */
export const later = {
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
