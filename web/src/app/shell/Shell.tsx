import { Drawer } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { sessionQuery } from '@/features/session/api/getSession';
import { useMaybeTenant } from '@/features/session/hooks';
import { Palette } from '../palette/Palette';
import { BottomBar } from './BottomBar';
import { EnteredBanner } from './EnteredBanner';
import { Rail } from './Rail';
import classes from './Shell.module.css';
import { TopBar } from './TopBar';

/** Lets those in who are signed in; the others sign in first, and come back to where they were. */
export function Shell() {
  const session = useSuspenseQuery(sessionQuery);
  if (session.data === null) return <ToSignIn />;
  return <Frame />;
}

/** Once, when the session ends: the place is noted before the address changes. */
function ToSignIn() {
  const router = useRouter();
  useEffect(() => {
    const next = router.state.location.href;
    void router.navigate({ to: '/sign-in', search: { next, expired: true }, replace: true });
  }, [router]);
  return null;
}

/** The frame around every screen behind the sign-in gate. */
function Frame() {
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
