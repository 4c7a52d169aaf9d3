export { type VirtualClock, virtualClock } from '../../src/adapters/clock/virtual-clock.ts'
