// Random walks: see ../walk.mjs.
import { walks } from '../walk.mjs'

export default walks(
  'walk-',
  Array.from({ length: 48 }, (_, i) => i + 1),
)
