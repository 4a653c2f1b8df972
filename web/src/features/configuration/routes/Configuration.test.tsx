import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { deviceOf, sessionOf, snapshotOf } from '@/testing/fixtures';
import { renderApp } from '@/testing/renderApp';
import { json, refusal, serve, type Call } from '@/testing/server';

const AT = '/t/blue-harbour/devices/11/configuration';
const LIST = 'GET /api/tenants/2/devices/11/snapshots';
const DIFF = 'GET /api/tenants/2/devices/11/snapshots/diff';
const VERSIONS = [
  snapshotOf({ id: 103, taken_at: '2026-11-24T09:00:00Z', lines_added: 1, lines_removed: 1 }),
  snapshotOf({ id: 102, taken_at: '2026-11-22T09:00:00Z', lines_added: 4, lines_removed: 0 }),
  snapshotOf({ id: 101, trigger: 'enrolment' }),
];
const diff = (call: Call) =>
  json({
    from_id: Number(call.query.get('from_id')),
    to_id: Number(call.query.get('to_id')),
    added: 1,
    removed: 1,
    hunks: [
      {
        heading: '/ppp secret',
        lines: [
          { kind: 'removed', old_line: 5, new_line: null, text: 'add name=b password=<secret:aa11bb>' },
          { kind: 'added', old_line: null, new_line: 5, text: 'add name=b password=<secret:cc22dd>' },
        ],
      },
    ],
  });

function stand(handlers: Parameters<typeof serve>[0]) {
  return serve({
    'GET /api/session': () => json(sessionOf()),
    'GET /api/tenants/2/devices/11': () => json(deviceOf()),
    [LIST]: () => json({ snapshots: VERSIONS, total: 3 }),
    [DIFF]: diff,
    ...handlers,
  });
}

describe('the configuration of a router', () => {
  it('shows what the newest version changed, with secrets as marks only', async () => {
    const { asked } = stand({});
    renderApp(AT);
    const view = await screen.findByRole('region', { name: 'Changes' });
    expect(await within(view).findByText('secret aa11bb')).toBeVisible();
    expect(within(view).getByText('secret cc22dd')).toBeVisible();
    expect(within(view).getByText('Removed:')).toBeInTheDocument();
    expect(within(view).getByText('Added:')).toBeInTheDocument();
    expect(Object.fromEntries(asked(DIFF)[0]?.query ?? [])).toEqual({ from_id: '102', to_id: '103' });
  });

  it('compares any two versions, and keeps the pair in the address bar', async () => {
    const { asked } = stand({});
    const { user, history } = renderApp(AT);
    const picks = await screen.findAllByRole('radio', { name: /Compare from/ });
    await user.click(picks[2] as HTMLElement);
    await waitFor(() => expect(history.location.search).toContain('from=101'));
    await waitFor(() =>
      expect(Object.fromEntries(asked(DIFF).at(-1)?.query ?? [])).toEqual({ from_id: '101', to_id: '103' }),
    );
  });

  it('shows two versions side by side', async () => {
    stand({});
    renderApp(`${AT}?view=split`);
    expect(await screen.findByRole('region', { name: 'Changes, side by side' })).toBeVisible();
  });

  it('shows the text of a first version, since there is nothing to compare it with', async () => {
    stand({
      [LIST]: () => json({ snapshots: [VERSIONS[2]], total: 1 }),
      'GET /api/tenants/2/devices/11/snapshots/101': () =>
        json({ ...VERSIONS[2], text: '/system identity\nset name=edge\n' }),
    });
    renderApp(AT);
    const text = await screen.findByRole('region', { name: 'Configuration text' });
    expect(within(text).getByText('set name=edge')).toBeVisible();
  });

  it('says that there is no backup yet, and offers one', async () => {
    stand({ [LIST]: () => json({ snapshots: [], total: 0 }) });
    renderApp(AT);
    expect(await screen.findByRole('heading', { name: 'No backup yet' })).toBeVisible();
    expect(screen.getAllByRole('button', { name: 'Back up now' })).toHaveLength(2);
  });

  it('says what could not be loaded', async () => {
    stand({ [LIST]: () => refusal(503, 'keys.unavailable', 'the keys of this client are away', 'req-3') });
    renderApp(AT);
    expect(await screen.findByRole('heading', { name: 'Drover could not load the versions' })).toBeVisible();
    expect(screen.getByText('Request req-3')).toBeVisible();
  });
});
