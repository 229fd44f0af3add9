// The URL of the service and the token for it.
function required(variable: string): string {
  const value = process.env[variable];
  if (!value) {
    throw new Error(`${variable} is not set; CRM_STEPS_URL and CRM_STEPS_TOKEN name the service and a token.`);
  }
  return value;
}

export const serviceUrl = required("CRM_STEPS_URL");
export const token = required("CRM_STEPS_TOKEN");
export const headers = { authorization: `Bearer ${token}` };
