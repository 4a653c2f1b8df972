import {
  IconActivity,
  IconLayoutDashboard,
  IconRouter,
  IconShieldCheck,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';

export interface NavItem {
  to: '/t/$slug' | '/t/$slug/devices' | '/t/$slug/events' | '/t/$slug/people' | '/t/$slug/audit';
  label: string;
  icon: Icon;
  permission: string;
  group: 'work' | 'rule';
  exact?: boolean;
}

/** Only what exists; what a role may not see is not in its rail. */
export const TENANT_NAV: readonly NavItem[] = [
  {
    to: '/t/$slug',
    label: 'Overview',
    icon: IconLayoutDashboard,
    permission: 'devices.read',
    group: 'work',
    exact: true,
  },
  { to: '/t/$slug/devices', label: 'Devices', icon: IconRouter, permission: 'devices.read', group: 'work' },
  { to: '/t/$slug/events', label: 'Events', icon: IconActivity, permission: 'devices.read', group: 'work' },
  { to: '/t/$slug/people', label: 'People', icon: IconUsers, permission: 'people.read', group: 'rule' },
  { to: '/t/$slug/audit', label: 'Audit', icon: IconShieldCheck, permission: 'audit.read', group: 'rule' },
];
