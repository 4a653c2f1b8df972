import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Schema } from '@/api/client';
import { enrolmentOf, rowOf, sessionOf } from '@/testing/fixtures';
import { renderApp } from '@/testing/renderApp';
import { json, refusal, serve } from '@/testing/server';

const KEY = '0123456789abcdef'.repeat(4);
const SSH = 'SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8';
const START = 'POST /api/tenants/2/enrolments';
const CONFIRM = 'POST /api/tenants/2/enrolments/e1/confirm';
const READ = 'GET /api/tenants/2/enrolments/e1';

function stand(handlers: Parameters<typeof serve>[0]) {
  return serve({
    'GET /api/session': () => json(sessionOf()),
    'GET /api/tenants/2/groups': () => json([]),
    'GET /api/tenants/2/tags': () => json([]),
    'GET /api/tenants/2/devices': () => json({ devices: [rowOf()], total: 1, offset: 0 }),
    ...handlers,
  });
}

async function connect(user: ReturnType<typeof renderApp>['user']) {
  await user.click(await screen.findByRole('button', { name: 'Add router' }));
  await user.type(await screen.findByLabelText('Address'), '10.21.0.99');
  await user.type(screen.getByLabelText('User name'), 'drover');
  await user.type(screen.getByLabelText('Password'), 's3cret');
  await user.click(screen.getByRole('button', { name: 'Connect' }));
}

describe('adding a router', () => {
  it('shows both keys, confirms exactly those, and ends with the router', async () => {
    let now: Schema<'Enrolment'> = enrolmentOf();
    const { asked } = stand({
      [START]: () => json(now, 202),
      [READ]: () => {
        if (now.state === 'connecting')
          now = enrolmentOf({ state: 'awaiting_confirmation', spki_sha256: KEY, ssh_host_key_sha256: SSH });
        else if (now.state === 'verifying')
          now = { ...now, state: 'done', device_id: 12, identity: 'edge', model: 'hAP ax³' };
        return json(now);
      },
      [CONFIRM]: () => {
        now = { ...now, state: 'verifying' };
        return json(now, 202);
      },
    });
    const { user } = renderApp('/t/blue-harbour/devices');
    await connect(user);
    const confirm = await screen.findByRole('button', { name: 'Confirm and add' });
    expect(screen.getByText(/Your password has not been sent yet/)).toBeVisible();
    expect(screen.getByLabelText(new RegExp(KEY))).toHaveTextContent('0123456789abcdef');
    expect(screen.getByText(SSH)).toBeVisible();
    await user.click(confirm);
    expect(await screen.findByRole('link', { name: 'Open the router' })).toHaveAttribute(
      'href',
      '/t/blue-harbour/devices/12/overview',
    );
    expect(asked(CONFIRM)[0]?.body).toEqual({ spki_sha256: KEY, ssh_host_key_sha256: SSH });
    expect(asked(START)[0]?.body).toMatchObject({
      address: '10.21.0.99',
      api_port: 8729,
      ssh_port: 22,
      username: 'drover',
      password: 's3cret',
    });
  });

  it('keeps what was typed when the router can’t be reached, and says what to do', async () => {
    stand({
      [START]: () => json(enrolmentOf(), 202),
      [READ]: () =>
        json(
          enrolmentOf({
            state: 'failed',
            error_code: 'device.port_closed',
            error_message: 'nothing listens on 10.21.0.99 port 8729: check that api-ssl is enabled',
          }),
        ),
    });
    const { user } = renderApp('/t/blue-harbour/devices');
    await connect(user);
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Nothing listens on 10.21.0.99 port 8729: check that api-ssl is enabled.',
    );
    expect(screen.getByLabelText('Address')).toHaveValue('10.21.0.99');
    expect(screen.getByLabelText('Password')).toHaveValue('s3cret');
  });

  it('shows at the field what the server finds wrong with it', async () => {
    stand({
      [START]: () =>
        json(
          {
            error: {
              code: 'device.outside_networks',
              message: 'outside',
              fields: { address: 'outside the management networks' },
              request_id: 'r',
            },
          },
          422,
        ),
    });
    const { user } = renderApp('/t/blue-harbour/devices');
    await connect(user);
    await waitFor(() =>
      expect(screen.getByLabelText('Address')).toHaveAccessibleDescription(/Outside the management networks/),
    );
  });

  it('warns that backups will fail when SSH does not answer, and still lets it be added', async () => {
    stand({
      [START]: () =>
        json(
          enrolmentOf({ state: 'awaiting_confirmation', spki_sha256: KEY, ssh_error: 'port closed' }),
          202,
        ),
      [READ]: () =>
        json(enrolmentOf({ state: 'awaiting_confirmation', spki_sha256: KEY, ssh_error: 'port closed' })),
    });
    const { user } = renderApp('/t/blue-harbour/devices');
    await connect(user);
    expect(await screen.findByText(/its backups will fail until it does/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Confirm and add' })).toBeEnabled();
  });

  it('takes up an enrolment again after a reload', async () => {
    stand({
      [READ]: () =>
        json(enrolmentOf({ state: 'awaiting_confirmation', spki_sha256: KEY, ssh_host_key_sha256: SSH })),
    });
    renderApp('/t/blue-harbour/devices?add=true&enrolment=e1');
    expect(await screen.findByRole('button', { name: 'Confirm and add' })).toBeVisible();
  });

  it('has the server forget the credentials when one goes back', async () => {
    const { asked } = stand({
      [READ]: () => json(enrolmentOf({ state: 'awaiting_confirmation', spki_sha256: KEY })),
      'DELETE /api/tenants/2/enrolments/e1': () => new Response(null, { status: 204 }),
    });
    const { user } = renderApp('/t/blue-harbour/devices?add=true&enrolment=e1');
    await user.click(await screen.findByRole('button', { name: 'Back' }));
    await waitFor(() => expect(asked('DELETE /api/tenants/2/enrolments/e1')).toHaveLength(1));
    expect(await screen.findByRole('button', { name: 'Connect' })).toBeVisible();
  });

  it('shows a refusal of the request itself with its number', async () => {
    stand({ [START]: () => refusal(503, 'keys.unavailable', 'the keys are away', 'req-42') });
    const { user } = renderApp('/t/blue-harbour/devices');
    await connect(user);
    expect(await screen.findByRole('alert')).toHaveTextContent('req-42');
  });
});
