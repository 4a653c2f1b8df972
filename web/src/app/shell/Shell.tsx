import { Drawer } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { useMaybeTenant } from '@/features/session/hooks';
import { Palette } from '../palette/Palette';
import { BottomBar } from './BottomBar';
import { EnteredBanner } from './EnteredBanner';
import { Rail } from './Rail';
import classes from './Shell.module.css';
import { TopBar } from './TopBar';

/** The frame around every screen behind the sign-in gate. */
export function Shell() {
  const tenant = useMaybeTenant();
  const [slim, setSlim] = useLocalStorage({ key: 'drover-rail-slim', defaultValue: false });
  const [menuOpen, menu] = useDisclosure(false);
  return (
    <div className={classes.shell} data-slim={slim || undefined}>
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <div className={classes.strip} style={{ background: tenant?.colour ?? 'transparent' }} aria-hidden />
      <aside className={classes.rail}>
        <Rail slim={slim} onToggleSlim={() => setSlim(!slim)} />
      </aside>
      <TopBar onOpenMenu={menu.open} />
      <div className={classes.column}>
        {tenant?.entered_until != null && <EnteredBanner tenant={tenant} until={tenant.entered_until} />}
        <main id="main" tabIndex={-1} className={classes.main}>
          <Outlet />
        </main>
      </div>
      <BottomBar />
      <Drawer
        opened={menuOpen}
        onClose={menu.close}
        size={264}
        title="Menu"
        closeButtonProps={{ 'aria-label': 'Close the menu' }}
      >
        <Rail slim={false} onNavigate={menu.close} />
      </Drawer>
      <Palette />
    </div>
  );
}
