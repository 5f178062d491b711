/** What people see of an application, and what of it the API takes. */
import { isApplicationUrl } from './oauth';

export interface ApplicationDetails {
  name: string;
  description: string;
  url: string;
}

export type ApplicationFault = keyof ApplicationDetails;

/** What is wrong; a portal that shows the application needs to know where to send people. */
export function applicationFaults({ name, description, url }: ApplicationDetails, visible: boolean): ApplicationFault[] {
  const faults: ApplicationFault[] = [];
  if (name.trim() === '' || name.length > 100) faults.push('name');
  if (description.length > 128) faults.push('description');
  if (url === '' ? visible : !isApplicationUrl(url)) faults.push('url');
  return faults;
}
