// What the build makes one minified module of (the execution "bundle" in pom.xml), which takes the place of webroot/parley.js.
// `exported` is declared by the wrapper that the build puts around it.
import { direct, parley, ParleyError } from '../resources/webroot/parley.js'

exported = { direct, parley, ParleyError }
