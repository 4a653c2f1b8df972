import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Schema } from '@/api/client';
import { rowOf, sessionOf, tenantOf } from '@/testing/fixtures';
import { renderApp } from '@/testing/renderApp';
import { json, never, refusal, serve, type Call } from '@/testing/server';

const page = (devices: Schema<'DeviceRow'>[], total = devices.length) => json({ devices, total, offset: 0 });
const base = {
  'GET /api/session': () => json(sessionOf()),
  'GET /api/tenants/2/groups': () => json([{ id: 1, name: 'tower-1', devices: 3 }]),
  'GET /api/tenants/2/tags': () => json([{ name: 'wireless', devices: 2 }]),
};
const as = (role: 'viewer' | 'operator' | 'admin') => () => json(sessionOf({ tenants: [tenantOf(role)] }));
const DEVICES = 'GET /api/tenants/2/devices';

describe('the device table', () => {
  it('shows that it is loading', async () => {
    serve({ ...base, [DEVICES]: never });
    renderApp('/t/blue-harbour/devices');
    expect(await screen.findByRole('status', { name: 'Loading the routers' })).toBeVisible();
  });

  it('shows each value with its unit, and a dash for what is not known', async () => {
    serve({ ...base, [DEVICES]: () => page([rowOf({ name: 'edge', memory_percent: null })]) });
    renderApp('/t/blue-harbour/devices');
    const table = await screen.findByRole('table', { name: 'Routers' });
    const row = await within(table).findByRole('row', { name: /edge/ });
    expect(row).toHaveTextContent('12 %');
    expect(row).toHaveTextContent('12.3 Mbps');
    expect(within(row).getByText('Online')).toBeVisible();
    const cells = within(row)
      .getAllByRole('cell')
      .map((cell) => cell.textContent);
    expect(cells[7]).toBe('–');
    expect(cells[9]).toBe('–');
  });

  it('offers the first router where there is none', async () => {
    serve({ ...base, [DEVICES]: () => page([]) });
    renderApp('/t/blue-harbour/devices');
    expect(await screen.findByRole('heading', { name: 'No routers yet' })).toBeVisible();
    expect(screen.getAllByRole('button', { name: 'Add router' }).length).toBeGreaterThan(0);
  });

  it('offers nothing that a viewer may not do', async () => {
    serve({ ...base, 'GET /api/session': as('viewer'), [DEVICES]: () => page([]) });
    renderApp('/t/blue-harbour/devices');
    expect(await screen.findByText(/An operator or admin of this client can add one/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Add router' })).not.toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Audit' })).not.toBeInTheDocument();
  });

  it('says who can grant what the server refuses', async () => {
    serve({ ...base, [DEVICES]: () => refusal(403, 'forbidden', 'your role may not do this', 'req-5') });
    renderApp('/t/blue-harbour/devices');
    expect(await screen.findByRole('heading', { name: 'You may not see the routers' })).toBeVisible();
    expect(screen.getByText(/An admin of this client can grant it/)).toBeVisible();
    expect(screen.getByText('Request req-5')).toBeVisible();
  });

  it('asks the server for what the address bar says', async () => {
    const { asked } = serve({ ...base, [DEVICES]: () => page([rowOf()]) });
    renderApp(
      '/t/blue-harbour/devices?q=tower&state=offline&group=1&tag=wireless&sort=cpu_percent&order=desc',
    );
    await screen.findByRole('row', { name: /tower-1-ap-01/ });
    const query = Object.fromEntries(asked(DEVICES)[0]?.query ?? []);
    expect(query).toMatchObject({
      q: 'tower',
      state: 'offline',
      group_id: '1',
      tag: 'wireless',
      sort: 'cpu_percent',
      order: 'desc',
    });
  });

  it('sorts by the largest first when a number’s heading is pressed, and says so to a screen reader', async () => {
    const { asked } = serve({ ...base, [DEVICES]: () => page([rowOf()]) });
    const { user, history } = renderApp('/t/blue-harbour/devices');
    await user.click(await screen.findByRole('button', { name: 'CPU' }));
    await waitFor(() => expect(history.location.search).toContain('order=desc'));
    expect(screen.getByRole('columnheader', { name: 'CPU' })).toHaveAttribute('aria-sort', 'descending');
    await waitFor(() => expect(asked(DEVICES).at(-1)?.query.get('sort')).toBe('cpu_percent'));
  });

  it('clears filters that nothing matches', async () => {
    const answer = (call: Call) => (call.query.get('q') === null ? page([rowOf()]) : page([]));
    serve({ ...base, [DEVICES]: answer });
    const { user } = renderApp('/t/blue-harbour/devices?q=nothing');
    await user.click(await screen.findByRole('button', { name: 'Clear the filters' }));
    expect(await screen.findByRole('row', { name: /tower-1-ap-01/ })).toBeVisible();
  });
});
