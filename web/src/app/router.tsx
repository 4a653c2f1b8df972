import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router';
import { dashboardQuery } from '@/features/dashboard/api/getDashboard';
import { trafficQuery } from '@/features/dashboard/api/getTenantTraffic';
import { deviceQuery } from '@/features/devices/api/getDevice';
import { deviceSamplesQuery } from '@/features/devices/api/getDeviceSamples';
import { devicePageQuery, PAGE_SIZE } from '@/features/devices/api/listDevices';
import { interfacesQuery } from '@/features/devices/api/listInterfaces';
import { wirelessClientsQuery } from '@/features/devices/api/listWirelessClients';
import { filterFromSearch } from '@/features/devices/filter';
import { overviewQuery } from '@/features/overview/api/getOverview';
import { peopleQuery } from '@/features/people/api/listPeople';
import { sessionQuery } from '@/features/session/api/getSession';
import { RouteFailure } from './RouteFailure';
import { RoutePending } from './RoutePending';
import * as search from '@/lib/search';
import { NotFound } from './NotFound';
import { Shell } from './shell/Shell';
import { TenantGate } from './shell/TenantGate';
import { ahead, warm } from './warm';

interface RouterContext {
  queryClient: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: search.signIn,
  component: lazyRouteComponent(() => import('@/features/session/routes/SignIn'), 'SignIn'),
});

const link = createRoute({
  getParentRoute: () => root,
  path: '/link/$token',
  component: lazyRouteComponent(() => import('@/features/session/routes/OneTimeLink'), 'OneTimeLink'),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.query({ ...sessionQuery, staleTime: 'static' });
    if (!session)
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
  },
  component: Shell,
});

const overview = createRoute({
  getParentRoute: () => inside,
  path: '/',
  loader: ({ context: { queryClient } }) => ahead(queryClient.query(overviewQuery)),
  component: lazyRouteComponent(() => import('@/features/overview/routes/Overview'), 'Overview'),
});

const platformAudit = createRoute({
  getParentRoute: () => inside,
  path: '/platform/audit',
  validateSearch: search.audit,
  component: lazyRouteComponent(() => import('@/features/platform/routes/PlatformAudit'), 'PlatformAudit'),
});

const tenant = createRoute({ getParentRoute: () => inside, path: '/t/$slug', component: TenantGate });

const dashboard = createRoute({
  getParentRoute: () => tenant,
  path: '/',
  validateSearch: search.range,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queryClient }, params, deps }) =>
    warm(queryClient, params, 'devices.read', (id) => [
      queryClient.query(dashboardQuery(id)),
      queryClient.query(trafficQuery(id, deps.range ?? '24h')),
    ]),
  component: lazyRouteComponent(() => import('@/features/dashboard/routes/Dashboard'), 'Dashboard'),
});

const events = createRoute({
  getParentRoute: () => tenant,
  path: '/events',
  component: lazyRouteComponent(() => import('@/features/events/routes/Events'), 'Events'),
});

const devices = createRoute({
  getParentRoute: () => tenant,
  path: '/devices',
  validateSearch: search.devices,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queryClient }, params, deps }) =>
    warm(queryClient, params, 'devices.read', (id) => [
      queryClient.query(devicePageQuery(id, filterFromSearch(deps), 0, PAGE_SIZE)),
    ]),
  component: lazyRouteComponent(() => import('@/features/devices/routes/Devices'), 'Devices'),
});

const deviceImport = createRoute({
  getParentRoute: () => tenant,
  path: '/devices/import',
  validateSearch: search.deviceImport,
  component: lazyRouteComponent(() => import('@/features/devices/routes/DeviceImport'), 'DeviceImport'),
});

const device = createRoute({
  getParentRoute: () => tenant,
  path: '/devices/$deviceId',
  params: {
    parse: ({ deviceId }) => ({ deviceId: Number.parseInt(deviceId, 10) }),
    stringify: ({ deviceId }) => ({ deviceId: String(deviceId) }),
  },
  loader: ({ context: { queryClient }, params }) =>
    warm(queryClient, params, 'devices.read', (id) => [queryClient.query(deviceQuery(id, params.deviceId))]),
  component: lazyRouteComponent(() => import('@/features/devices/routes/DeviceLayout'), 'DeviceLayout'),
});

const deviceIndex = createRoute({
  getParentRoute: () => device,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/t/$slug/devices/$deviceId/overview', params, replace: true });
  },
});

const deviceOverview = createRoute({
  getParentRoute: () => device,
  path: '/overview',
  validateSearch: search.range,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queryClient }, params, deps }) =>
    warm(queryClient, params, 'devices.read', (id) => [
      queryClient.query(deviceSamplesQuery(id, params.deviceId, deps.range ?? '24h')),
    ]),
  component: lazyRouteComponent(() => import('@/features/devices/routes/DeviceOverview'), 'DeviceOverview'),
});

const deviceInterfaces = createRoute({
  getParentRoute: () => device,
  path: '/interfaces',
  validateSearch: search.interfaces,
  loader: ({ context: { queryClient }, params }) =>
    warm(queryClient, params, 'devices.read', (id) => [
      queryClient.query(interfacesQuery(id, params.deviceId)),
    ]),
  component: lazyRouteComponent(
    () => import('@/features/devices/routes/DeviceInterfaces'),
    'DeviceInterfaces',
  ),
});

const deviceWireless = createRoute({
  getParentRoute: () => device,
  path: '/wireless',
  validateSearch: search.range,
  loader: ({ context: { queryClient }, params }) =>
    warm(queryClient, params, 'devices.read', (id) => [
      queryClient.query(wirelessClientsQuery(id, params.deviceId)),
    ]),
  component: lazyRouteComponent(() => import('@/features/devices/routes/DeviceWireless'), 'DeviceWireless'),
});

const deviceConfiguration = createRoute({
  getParentRoute: () => device,
  path: '/configuration',
  validateSearch: search.configuration,
  component: lazyRouteComponent(
    () => import('@/features/configuration/routes/Configuration'),
    'Configuration',
  ),
});

const deviceAudit = createRoute({
  getParentRoute: () => device,
  path: '/audit',
  validateSearch: search.audit,
  component: lazyRouteComponent(() => import('@/features/audit/routes/DeviceAudit'), 'DeviceAudit'),
});

const people = createRoute({
  getParentRoute: () => tenant,
  path: '/people',
  loader: ({ context: { queryClient }, params }) =>
    warm(queryClient, params, 'people.read', (id) => [queryClient.query(peopleQuery(id))]),
  component: lazyRouteComponent(() => import('@/features/people/routes/People'), 'People'),
});

const audit = createRoute({
  getParentRoute: () => tenant,
  path: '/audit',
  validateSearch: search.audit,
  component: lazyRouteComponent(() => import('@/features/audit/routes/Audit'), 'Audit'),
});

const routeTree = root.addChildren([
  signIn,
  link,
  inside.addChildren([
    overview,
    platformAudit,
    tenant.addChildren([
      dashboard,
      events,
      devices,
      deviceImport,
      device.addChildren([
        deviceIndex,
        deviceOverview,
        deviceInterfaces,
        deviceWireless,
        deviceConfiguration,
        deviceAudit,
      ]),
      people,
      audit,
    ]),
  ]),
]);

export function createAppRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    history,
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPreloadDelay: 40,
    // TanStack Query decides what is fresh.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: RouteFailure,
    defaultPendingComponent: RoutePending,
    defaultPendingMs: 250,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
