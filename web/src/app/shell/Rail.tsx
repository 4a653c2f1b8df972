import { Tooltip } from '@mantine/core';
import {
  IconBuildingCommunity,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconSearch,
  IconShieldCheck,
  type Icon,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { openPalette } from '../palette/store';
import { LiveMark } from '@/features/live/components/LiveMark';
import { useCan, useMaybeTenant } from '@/features/session/hooks';
import { ClientSwitcher } from './ClientSwitcher';
import { TENANT_NAV, type NavItem } from './nav';
import classes from './Rail.module.css';
import { UserMenu } from './UserMenu';

interface RailProps {
  slim: boolean;
  onToggleSlim?: () => void;
  onNavigate?: () => void;
}

function Label({ icon: Glyph, label, slim }: { icon: Icon; label: string; slim: boolean }) {
  return (
    <>
      <Glyph size={17} stroke={1.7} aria-hidden />
      <span className={slim ? classes.hidden : undefined}>{label}</span>
    </>
  );
}

export function Rail({ slim, onToggleSlim, onNavigate }: RailProps) {
  const tenant = useMaybeTenant();
  const can = useCan();
  const shared = { className: classes.item, activeProps: { 'data-active': true }, onClick: onNavigate };
  const items = tenant ? TENANT_NAV.filter((item) => can(item.permission)) : [];
  const tenantLink = (item: NavItem) => (
    <Tooltip key={item.to} label={item.label} position="right" disabled={!slim}>
      <Link
        to={item.to}
        params={{ slug: tenant?.slug ?? '' }}
        activeOptions={{ exact: item.exact ?? false }}
        {...shared}
      >
        <Label icon={item.icon} label={item.label} slim={slim} />
      </Link>
    </Tooltip>
  );
  const work = items.filter((item) => item.group === 'work');
  const rule = items.filter((item) => item.group === 'rule');

  return (
    <div className={classes.rail} data-slim={slim || undefined}>
      <ClientSwitcher slim={slim} onSwitch={onNavigate} />
      <button type="button" className={classes.search} aria-label="Search everything" onClick={openPalette}>
        <IconSearch size={15} stroke={1.8} aria-hidden />
        <span className={slim ? classes.hidden : undefined}>Search</span>
        {!slim && <kbd className={classes.kbd}>Ctrl K</kbd>}
      </button>
      <nav aria-label="Main" className={classes.nav}>
        {!tenant && (
          <>
            <Link to="/" activeOptions={{ exact: true }} {...shared}>
              <Label icon={IconBuildingCommunity} label="Clients" slim={slim} />
            </Link>
            {can('platform.audit') && (
              <Link to="/platform/audit" {...shared}>
                <Label icon={IconShieldCheck} label="Platform audit" slim={slim} />
              </Link>
            )}
          </>
        )}
        {work.map(tenantLink)}
        {rule.length > 0 && <div className={classes.divider} role="presentation" />}
        {rule.map(tenantLink)}
      </nav>
      <div className={classes.foot}>
        {tenant && <LiveMark slim={slim} />}
        <UserMenu slim={slim} />
        {onToggleSlim && (
          <button
            type="button"
            className={classes.item}
            aria-label={slim ? 'Expand the rail' : 'Collapse the rail'}
            onClick={onToggleSlim}
          >
            <Label
              icon={slim ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse}
              label="Collapse"
              slim={slim}
            />
          </button>
        )}
      </div>
    </div>
  );
}
