import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { countsOf, sessionOf, tenantOf } from '@/testing/fixtures';
import { renderApp } from '@/testing/renderApp';
import { json, never, refusal, serve } from '@/testing/server';

const member = () => json(sessionOf());
const root = sessionOf({
  user: { id: 1, email: 'root@msp.example', name: 'Sasha', is_super_admin: true },
  tenants: [],
  platform_permissions: ['platform.tenants', 'platform.enter', 'platform.audit'],
});

describe('the overview of all clients', () => {
  it('shows that it is loading', async () => {
    serve({ 'GET /api/session': member, 'GET /api/overview': never });
    renderApp('/');
    expect(await screen.findByRole('status', { name: 'Loading the clients' })).toBeVisible();
  });

  it('puts the worst client first, with the reason in words', async () => {
    serve({
      'GET /api/session': member,
      'GET /api/overview': () =>
        json({
          tenants: [
            countsOf({ tenant_id: 1, slug: 'calm', name: 'Calm' }),
            countsOf({ online: 8, offline: 2, worst: 'tower-2: no answer since 14:02' }),
          ],
        }),
    });
    renderApp('/');
    const rows = within(await screen.findByRole('table'))
      .getAllByRole('row')
      .slice(1);
    expect(rows[0]).toHaveTextContent('Blue Harbour');
    expect(rows[0]).toHaveTextContent('tower-2: no answer since 14:02');
    expect(rows[1]).toHaveTextContent('All well');
    expect(screen.getByText('20 routers in 2 clients, 2 offline')).toBeVisible();
  });

  it('does not call a client well that it can not look into', async () => {
    serve({
      'GET /api/session': member,
      'GET /api/overview': () => json({ tenants: [countsOf({ can_open: false })] }),
    });
    renderApp('/');
    expect(await screen.findByText('Nothing offline; more is seen inside')).toBeVisible();
    expect(screen.queryByText('All well')).toBeNull();
  });

  it('says what went wrong and tries again', async () => {
    let broken = true;
    serve({
      'GET /api/session': member,
      'GET /api/overview': () =>
        broken
          ? refusal(503, 'engine.unavailable', 'the database is away', 'req-9')
          : json({ tenants: [countsOf()] }),
    });
    const { user } = renderApp('/');
    expect(await screen.findByRole('heading', { name: 'Drover could not load the clients' })).toBeVisible();
    expect(screen.getByText('Request req-9')).toBeVisible();
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('link', { name: 'Blue Harbour' })).toBeVisible();
  });

  it('tells someone without a client who can add them', async () => {
    serve({
      'GET /api/session': () => json(sessionOf({ tenants: [] })),
      'GET /api/overview': () => json({ tenants: [] }),
    });
    renderApp('/');
    expect(await screen.findByRole('heading', { name: 'You are in no client yet' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'New client' })).not.toBeInTheDocument();
  });

  it('lets a super admin enter a client with a reason only, and shows that they are inside', async () => {
    const inside = { ...root, tenants: [tenantOf('super_admin', { entered_until: '2099-01-01T00:00:00Z' })] };
    const { asked } = serve({
      'GET /api/session': () => json(root),
      'GET /api/overview': () => json({ tenants: [countsOf({ can_open: false })] }),
      'POST /api/platform/tenants/2/entries': () => json(inside),
      'GET /api/tenants/2/dashboard': never,
      'GET /api/tenants/2/traffic': never,
    });
    const { user } = renderApp('/');
    await user.click(await screen.findByRole('button', { name: 'Enter Blue Harbour with a reason' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Enter Blue Harbour' }));
    expect(within(dialog).getByText(/Say why/)).toBeVisible();
    await user.type(within(dialog).getByLabelText('Reason'), 'Ticket 4711');
    await user.click(within(dialog).getByRole('button', { name: 'Enter Blue Harbour' }));
    expect(await screen.findByText(/as super admin, until/)).toBeVisible();
    const entry = asked('POST /api/platform/tenants/2/entries')[0];
    expect(entry?.body).toEqual({ reason: 'Ticket 4711', minutes: 60 });
    expect(entry?.headers.get('X-CSRF-Token')).toBe('token-of-the-test');
  });
});
