import { Outlet } from '@tanstack/react-router';

export function DeviceLayout() {
  return <Outlet />;
}
