import { Menu, SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useSignOut } from '@/features/session/api/signOut';
import { useMaybeTenant, useSession } from '@/features/session/hooks';
import classes from './UserMenu.module.css';

const SCHEMES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'Auto' },
];

export function UserMenu({ slim }: { slim: boolean }) {
  const { user } = useSession();
  const tenant = useMaybeTenant();
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const role = tenant?.role ?? (user.is_super_admin ? 'super_admin' : null);
  return (
    <Menu position="top-start" width={244} shadow="md">
      <Menu.Target>
        <button type="button" className={classes.target} aria-label={`Account of ${user.name}`}>
          <span className={classes.face} aria-hidden>
            {user.name.slice(0, 1).toUpperCase()}
          </span>
          {!slim && (
            <span className={classes.words}>
              <span className={classes.name}>{user.name}</span>
              {role && <span className={classes.role}>{role.replace('_', ' ')}</span>}
            </span>
          )}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <div className={classes.name}>{user.name}</div>
          <div className={classes.role}>{user.email}</div>
        </div>
        <Menu.Divider />
        <div className={classes.theme}>
          <span>Theme</span>
          <SegmentedControl
            size="xs"
            aria-label="Theme"
            data={SCHEMES}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as MantineColorScheme)}
          />
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={15} stroke={1.7} aria-hidden />}
          disabled={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
