import type { Page } from 'playwright-core';

export function openWithoutServer(): Promise<{ readonly page: Page; close(): Promise<void> }>;
