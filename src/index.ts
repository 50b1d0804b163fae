export { ConfigError } from './config/config-error.ts';
export { createHandler, type Handler, type HandlerOptions, type RequestOrigin } from './embedding/handler.ts';
