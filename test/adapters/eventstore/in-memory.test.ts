import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { eventStoreContract } from '../../contracts/event-store-contract.ts'

eventStoreContract('in-memory', async () => ({ store: inMemoryEventStore(), cleanup: async () => {} }))
