export { NotFound as Component } from '@/components/shell/not-found';
