import { Link } from '@tanstack/react-router';
import { useCan, useMaybeTenant } from '@/features/session/hooks';
import { TENANT_NAV } from './nav';
import classes from './bars.module.css';

/** The narrow screen's rail, in reach of a thumb. */
export function BottomBar() {
  const tenant = useMaybeTenant();
  const can = useCan();
  if (!tenant) return null;
  return (
    <nav aria-label="Pages" className={classes.bottom}>
      {TENANT_NAV.filter((item) => can(item.permission)).map((item) => (
        <Link
          key={item.to}
          to={item.to}
          params={{ slug: tenant.slug }}
          activeOptions={{ exact: item.exact ?? false }}
          activeProps={{ 'data-active': true }}
          className={classes.tab}
        >
          <item.icon size={19} stroke={1.7} aria-hidden />
          {item.label}
        </Link>
      ))}
    </nav>
  );
}
