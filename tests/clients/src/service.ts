// Where the service is, and as whom to speak to it.
function required(variable: string): string {
  const value = process.env[variable];
  if (!value) {
    throw new Error(`${variable} is not set; CRM_STEPS_URL and CRM_STEPS_TOKEN say where to go.`);
  }
  return value;
}

export const serviceUrl = required("CRM_STEPS_URL");
export const token = required("CRM_STEPS_TOKEN");
export const headers = { authorization: `Bearer ${token}` };
