import type { components } from '../../src/api/schema';

export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];
export type Device = Schema<'Device'>;

export interface MockTenant {
  tenant: Schema<'Tenant'>;
  devices: Map<number, Device>;
  groups: Schema<'Group'>[];
  events: Schema<'Event'>[];
  people: Schema<'Person'>[];
  audit: Schema<'AuditEntry'>[];
  enrolments: Map<string, Schema<'Enrolment'>>;
  imports: Map<string, Schema<'Import'>>;
  jobs: Map<number, Schema<'Job'>>;
  snapshots: Map<number, Snapshot[]>;
  wireless: boolean;
}

export type Snapshot = Schema<'SnapshotText'>;

export interface MockError {
  status: number;
  code: string;
  message: string;
  fields?: Record<string, string>;
}

export class Refusal extends Error {
  readonly error: MockError;
  constructor(error: MockError) {
    super(error.message);
    this.error = error;
  }
}
