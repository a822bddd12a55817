import './tokens.css'
import './linli.css'
import './web.css'
