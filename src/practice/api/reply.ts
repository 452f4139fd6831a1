/** One finished HTTP answer. */
export interface Reply {
  readonly code: number;
  readonly type: 'application/json' | 'text/plain';
  readonly body: string;
}

export function json(value: unknown, code = 200): Reply {
  return { code, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

export function text(body: string, code = 200): Reply {
  return { code, type: 'text/plain', body };
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  410: 'Expired',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

/** A Kubernetes Status object that tells of a failure. */
export function statusObject(code: number, message: string): Record<string, unknown> {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: REASONS[code] ?? 'Unknown',
    code,
  };
}

export function failure(code: number, message: string): Reply {
  return json(statusObject(code, message), code);
}

/** The same from K3s's own supervisor, which leaves out the version. */
export function ofK3s(code: number, message: string): Reply {
  const { apiVersion: _, ...status } = statusObject(code, message);
  return json(status, code);
}
