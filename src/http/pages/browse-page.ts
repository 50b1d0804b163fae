import { renderBrowsePage } from '../../../packaging/browse-page.mjs';
import type { StaticPage } from './static-page.ts';

/** A page to look at phones with, for people. It asks this gateway as any client does, and nobody else. */
export const BROWSE_PAGE: StaticPage = {
  render: renderBrowsePage,
  contentSecurityPolicy: [
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    'img-src data:',
    "style-src 'unsafe-inline'",
  ],
};
