const o=1,j=2,J=4,I=8,z=16,Z=32;const aG=2**40;const aK=100;let h=null;let g=null;let A=0;let C=0;let bf=0;let G=[];let M=false;let W=false;const hooks={schedule:null,report:(a)=>console.error(a),endless:()=>new Error("updates do not end"),mismatch:null};function F(a,b,c){return{value:a,fn:b,flags:c,id:++C,error:null,run:0,deps:null,tail:null,subs:null,i:null,owned:null}}
function same(a,b){return a===b||(a!==a&&b!==b)||(a!==null&&typeof a==="object"&&a.flin_same!==undefined&&a.flin_same(b))}
function aj(a,b){const c=b.tail;if(c!==null&&c.dep===a)return;const d=c===null?b.deps:c.a;if(d!==null&&d.dep===a){d.run=b.run;b.tail=d;return}
const e=a.i;if(e!==null&&e.sub===b&&e.run===b.run)return;const f={dep:a,sub:b,run:b.run,a:d,q:e,c:null};b.tail=f;if(c===null)b.deps=f;else c.a=f;a.i=f;if(e===null)a.subs=f;else e.c=f}
function ax(a){for(let b=a;b!==null;b=b.a){const{dep:c,q:d,c:e}=b;if(e===null)c.i=d;else e.q=d;if(d===null)c.subs=e;else d.c=e}}
function av(d){const a=h;h=d;d.tail=null;d.run=++bf;d.flags=(d.flags&~(o|j))|J;try{return d.fn()}finally{h=a;d.flags&=~J;const b=d.tail===null?d.deps:d.tail.a;if(b!==null){if(d.tail===null)d.deps=null;else d.tail.a=null;ax(b)}}}
function bd(a){let b=j;const c=[a];while(c.length>0){for(let d=c.pop().subs;d!==null;d=d.c){const e=d.sub,f=e.flags&(o|j);e.flags|=b;if(e.flags&Z)a4(e);else if(!f)c.push(e)}
b=o}}
function a4(d){if(d.flags&(I|z))return;d.flags|=I;G.push(d)}
function u(d){bd(d);if(A===0)X()}
function U(d){const a=d.value,b=d.error;d.error=null;const c=g;g=null;try{d.value=av(d)}catch(e){d.error=e}finally{g=c}
if(d.error===b&&same(a,d.value))return;for(let f=d.subs;f!==null;f=f.c)if(f.sub.flags&o)f.sub.flags|=j}
function ay(d){const a=[];let b=d,c=d.deps;for(;;){if(c===null||b.flags&j){if(b===d)break;if(b.flags&j)U(b);else b.flags&=~o;const e=a.pop();b=e.sub;c=e.a;continue}
const f=c.dep;if(f.flags&j){U(f);c=c.a}else if(f.flags&o){a.push(c);b=f;c=f.deps}else{c=c.a}}
if(!(d.flags&j))d.flags&=~o}
function y(d){if(d.fn!==null&&!(d.flags&z)){if(d.flags&J)throw new Error("a value depends on itself");if((d.flags&(o|j))===o)ay(d);if(d.flags&j)U(d)}
if(h!==null)aj(d,h);if(d.error!==null)throw d.error;return d.value}
function t(a){if(g!==null)(g.owned??=[]).push(a)}
function Q(d){while(d.owned!==null){const a=d.owned;d.owned=null;const b=h,c=g;h=g=null;while(a.length>0){const e=a.pop();if(typeof e==="function")a5(e);else K(e)}
h=b;g=c}}
function K(d){if(d.flags&z)return;d.flags|=z;Q(d);if(d.flags&J)return;am(d)}
function am(d){ax(d.deps);d.deps=d.tail=null}
function a5(a){try{a()}catch(b){hooks.report(b)}}
function ao(d){Q(d);const a=g;g=d;A++;try{av(d)}catch(b){hooks.report(b)}finally{A--;g=a}
if(d.flags&z){Q(d);am(d)}}
function X(){if(M||G.length===0)return;if(hooks.schedule===null)flush();else if(!W){W=true;hooks.schedule(flush)}}
const aZ=(a,b)=>a.id-b.id;function flush(){if(M)return;M=true;W=false;try{for(let a=0;G.length>0;a++){const b=G.sort(aZ);G=[];if(a===aK){for(const d of b)d.flags&=~I;hooks.report(hooks.endless());break}
for(const d of b){d.flags&=~I;if(d.flags&z)continue;if((d.flags&(o|j))===o)ay(d);if(d.flags&j)ao(d)}}}finally{M=false}}
function signal(a){const d=F(a,null,0);const get=()=>y(d);get.peek=()=>d.value;get.set=(b)=>{if(same(d.value,b))return;d.value=b;u(d)};return get}
function computed(a){const d=F(undefined,a,j);t(d);const get=()=>y(d);get.dispose=()=>K(d);return get}
function effect(a,b=false){const d=F(undefined,a,Z);if(b)d.id+=aG;t(d);ao(d);if(A===0)X();return()=>K(d)}
function scope(a,b=false){const d=F(undefined,null,0);if(!b)t(d);const c=g,e=h;g=d;h=null;try{return[a(),()=>K(d)]}finally{g=c;h=e}}
function on_cleanup(a){t(a)}
function batch(a){A++;try{return a()}finally{if(--A===0)X()}}
function untracked(a){const b=h;h=null;try{return a()}finally{h=b}}
const S=new WeakMap();function track(a,b=""){if(h===null)return a;let c=S.get(a);if(c===undefined)S.set(a,(c=new Map()));let d=c.get(b);if(d===undefined)c.set(b,(d=F(0,null,0)));aj(d,h);return a}
function touch(a,b=""){const d=S.get(a)?.get(b);if(d!==undefined)u(d);return a}
class FlinError extends Error{constructor(a,b,c=null){super(b);this.code=a;this.fields=c}
get flin_kind(){return"error"}}
function fail(a,b){throw new FlinError(a,b)}
class Row{constructor(a,b=0){this.$values=a;this.$version=b;this.$base=b;this.$edits=new Map();this.$json={}}
get id(){return this.$values.id||(track(this,"id"),0)}
get version(){return track(this,"version").$version}}
let ah=0;function note_edit(a,b){if(a.$edits.size===0)a.$base=a.$version;a.$edits.set(b,++ah)}
function edit_clock(){return ah}
function row_class(a,b){const C=class extends Row{};C.prototype.$type=a;C.prototype.$fields=b;for(const c in b){if(c==="id"||c==="version")continue;Object.defineProperty(C.prototype,c,{get(){return track(this,c).$values[c]??null},set(d){if(this.$values[c]===d)return;this.$values[c]=d;note_edit(this,c);touch(this,c)}})}
return C}
const aC={"\\":"\\\\",'"':'\\"',"\n":"\\n","\t":"\\t","\r":"\\r","\0":"\\0"};function quoted(text){return'"'+text.replace(/[\\"\n\t\r\0]/g,(a)=>aC[a])+'"'}
function to_text(a){return typeof a==="string"?a:a===null||a===undefined?"":inspect(a)}
function inspect(a){switch(typeof a){case"string":return a;case"number":return String(a+0);case"boolean":return String(a);case"function":return`<fn ${a.flin_name??(a.name||"anonymous")}>`;case"undefined":return"none"}
if(a===null)return"none";if(Array.isArray(a))return`[${track(a).map(inner_text).join(", ")}]`;if(a instanceof Row)return`${a.$type}#${a.id}`;if(a instanceof FlinError)return a.message;return a.flin_text?a.flin_text():String(a)}
function inner_text(a){return typeof a==="string"?quoted(a):inspect(a)}
const is_int=Number.isSafeInteger;function int_result(a){return is_int(a)?a+0:fail("R0010","integer overflow")}
const add_int=(a,b)=>int_result(a+b);const sub_int=(a,b)=>int_result(a-b);const mul_int=(a,b)=>int_result(a*b);const neg_int=(a)=>0-a;function mod_int(a,b){return b===0?fail("R0009","division by zero"):(a%b)+0}
function eq(a,b){if(a===b)return true;if(a===null||b===null||typeof a!=="object"||typeof b!=="object")return(a??null)===(b??null);if(a.flin_equal)return a.flin_equal(b);if(a.flin_same)return a.flin_same(b);if(a instanceof Row)return b instanceof Row&&a.$type===b.$type&&a.id!==0&&a.id===b.id;return Array.isArray(a)&&Array.isArray(b)&&track(a).length===track(b).length&&a.every((c,d)=>eq(c,b[d]))}
function truthy(a){return!!a}
function items_of(a){if(Array.isArray(a))return track(a).slice();if(typeof a==="string")return Array.from(a);if(a?.flin_items)return a.flin_items();return a===null||a===undefined?[]:fail("R0018",`cannot loop over ${type_of(a)}`)}
function type_of(a){if(a===null||a===undefined)return"none";if(typeof a==="string")return"text";if(typeof a==="boolean")return"bool";if(typeof a==="number")return is_int(a)?"int":"number";if(Array.isArray(a))return"list";return a instanceof Row?a.$type:(a.flin_kind??typeof a)}
const aV=new Set(["href","src","action","formaction","poster","cite","data","ping","background","xlink:href"]);const aR=/^(https?|mailto|tel|sms|blob):/i;const aD=/^data:image\/(png|jpeg|gif|webp|avif)(;|,|$)/i;const aU=/[<{}\\]|url\(|expression\(|@import/i;const aN=new Set(["checked","selected","value","muted","indeterminate"]);function aq(a,b){const c=b.replace(/[\0-\x20\x7f-\x9f]/g,"");if(!/^[a-z][a-z0-9+.-]*:/i.test(c)||aR.test(c))return b;return/^(src|srcset|poster)$/.test(a)&&aD.test(c)?b:"about:blank#blocked"}
function ap(text,a=aU){if(!a.test(text))return text;console.warn("FLIN: unsafe style left out:",text);return""}
function bi(a){return ap(to_text(a),/[<{}\\;]|url\(|expression\(|@import/i)}
function a0(a){if(Array.isArray(a))return track(a).filter(Boolean).map(to_text).join(" ");return a?.flin_items?Array.from(a).filter(([,b])=>b).map(([c])=>to_text(c)).join(" "):to_text(a)}
function bj(a){if(!a?.flin_items)return ap(to_text(a));return Array.from(a,([b,c])=>`${to_text(b)}: ${bi(c)}`).join("; ")}
function aX(a,b){if(b===null||b===undefined)return null;if(typeof b==="boolean")return/^(aria|data)-/.test(a)?String(b):b?"":null;if(a==="class")return a0(b);if(a==="style")return bj(b);const text=to_text(b);if(a==="srcset")return text.split(",").map((c)=>aq(a,c)).join(",");return aV.has(a)?aq(a,text):text}
function set_attribute(a,b,c){const text=aX(b,c);if(text===null)a.removeAttribute(b);else if(a.getAttribute(b)!==text)a.setAttribute(b,text);if(aN.has(b)&&b in a){const d=b==="value"?(text??""):text!==null;if(a[b]!==d)a[b]=d}}
const aL={int:/^[+-]?\d+$/,number:/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i};function converted(text,a){if(a===undefined)return text;const b=text.trim(),c=Number(b);return aL[a].test(b)&&(a!=="int"||Number.isSafeInteger(c))?c+0:undefined}
const au={read:(a,b,c)=>converted(a.value,c),show(a,b,c){const text=to_text(b);if(a.value!==text&&!(c!==undefined&&eq(converted(a.value,c),b)))a.value=text},touched:(a)=>a.value!==a.defaultValue,first(a,b){if(a.localName==="input")a.setAttribute("value",to_text(b))}};const controls={};function aY(a,b,k,get,set,{as:c,lazy:d}={}){const e=a.localName==="select"?"select":a.getAttribute("type");const f=controls[e]??au;const g=()=>batch(()=>{const h=f.read(a,untracked(get),c);if(h!==undefined)set(h)});if(!b)a.setAttribute("data-flin-bind",k);if(b&&f.touched(a))g();effect(()=>f.show(a,get(),c));if(!b)untracked(()=>f.first(a,get()));a.addEventListener(d||f!==au?"change":"input",g)}
const ac={enter:"Enter",escape:"Escape",tab:"Tab",space:" ",up:"ArrowUp",down:"ArrowDown",left:"ArrowLeft",right:"ArrowRight",delete:"Delete"};const delays={};function V(a,b){batch(()=>untracked(()=>{try{let c=a(b);if(typeof c==="function")c=c(b);c?.then?.(null,hooks.report)}catch(d){hooks.report(d)}}),)}
function be(a,b){const[c,d]=Array.isArray(a)?a:[a];if(c in delays)return delays[c](b,d);if(c in ac)return(e)=>e.key===ac[c]&&b(e);let f=false;switch(c){case"prevent":return(e)=>(e.preventDefault(),b(e));case"stop":return(e)=>(e.stopPropagation(),b(e));case"self":return(e)=>e.target===e.currentTarget&&b(e);case"once":return(e)=>!f&&((f=true),b(e));default:return(e)=>e[c+"Key"]&&b(e)}}
function a9(a,b,c,d){const e=c.reduceRight((f,g)=>be(g,f),(h)=>V(d,h));a.addEventListener(b,e)}
let k="";let B=null;const a1=()=>k;const current_instance=()=>B;function run_in(a,g,b){const c=k,d=B;k=a;B=g;try{return b()}finally{k=c;B=d}}
const step_below=(a)=>(k===""?a:`${k}/${a}`);function a6(a,b){return run_in(step_below(a),B,b)}
function in_path(a){const b=k,g=B;return(...c)=>run_in(b,g,()=>a(...c))}
const O="http://www.w3.org/1999/xhtml",aS="http://www.w3.org/2000/svg",aJ="http://www.w3.org/1998/Math/MathML";const aa=1,af=3,Y=8;class E extends Error{}
class H{constructor(a,b,c,d=a.namespaceURI){Object.assign(this,{parent:a,next:b,adopting:c,space:d,first:null,last:null})}
took(d){this.first??=d;this.last=d;return d}
adopt(a,b){const d=this.next;if(d===null||!a(d))throw new E(`expected ${b}, found ${d===null?"the end":d.nodeName}`);this.next=d.nextSibling;return this.took(d)}
insert(d){this.parent.insertBefore(d,this.next);return this.took(d)}
comment(a){if(this.adopting)return this.adopt((b)=>b.nodeType===Y&&b.data===a,`<!--${a}-->`);return this.insert(document.createComment(a))}}
function ba(a){if(!(a instanceof E))throw a;hooks.mismatch?.(a)}
function bg(a,b){if(b.adopting)b.adopt((c)=>c.nodeType===af&&c.data===a,`text "${a}"`);else b.insert(document.createTextNode(a))}
function aW(a){a.y=true;return a}
function text(a){return aW((b)=>{let d=b.next;if(b.adopting&&d?.nodeType===af){b.next=d.nextSibling;b.took(d)}else d=b.insert(document.createTextNode(""));effect(()=>{const c=to_text(a());if(d.data!==c)d.data=c})})}
const N=(d)=>typeof d==="string"||d?.y===true;function D(a,b,c=false){for(const d of a){if(N(d)&&c)b.comment(",");if(typeof d==="string")bg(d,b);else d(b);c=N(d)}}
const a7=(d)=>d?.nodeType===aa&&d.localName==="input"&&d.getAttribute("type")==="hidden"&&(d.getAttribute("name")??"").startsWith("_flin_");function bc(a,b){const c=a==="svg"?aS:a==="math"?aJ:b.space??O;return c===O?document.createElement(a):document.createElementNS(c,a)}
const attribute_kinds={on:(a,b,...c)=>a9(a,...c),bind:aY};function ag(a,b,[c,d,...e]){const f=attribute_kinds[c];if(f)return f(a,b,d,...e);if(typeof d==="string")return b||a.setAttribute(c,d);effect(()=>{const g=d();if(!b)set_attribute(a,c,g);b=false})}
function el(a,b,...c){return(d)=>{const{adopting:e}=d;const f=e?d.adopt((g)=>g.nodeType===aa&&g.localName===a.toLowerCase(),`<${a}>`):bc(a,d);const h=(i)=>a==="select"&&i[0]==="bind";for(const i of b)if(!h(i))ag(f,e,i);const j=f.localName==="template"?f.content:f;const k=new H(j,j.firstChild,e,a==="foreignObject"?O:f.namespaceURI);while(e&&a7(k.next))k.next=k.next.nextSibling;D(c,k);if(e&&k.next!==null)throw new E(`expected the end of <${a}>, found ${k.next.nodeName}`);for(const i of b)if(h(i))ag(f,e,i);if(!e)d.insert(f)}}
function clear_nodes(a,b){while(a!==b){const c=a.nextSibling;a.remove();a=c}}
function a3(a){let b=1,d=a;while(b>0){d=d.nextSibling;if(d===null)throw new E("expected <!--]-->, found the end");if(d.nodeType===Y)b+=d.data==="["?1:d.data==="]"?-1:0}
return d}
function aw(a,b,c,d,e){return scope(()=>{const f=new H(a,b,c);try{e(f);if(c&&f.next!==d)throw new E(`expected the end, found ${f.next?.nodeName}`)}catch(g){return g}
return null})}
function L(a,b,c,d,e){if(d){const[f,g]=aw(a,b,true,c,e);if(f===null)return g;ba(f);g();clear_nodes(b,c)}
const[f,g]=aw(a,c,false,c,e);if(f!==null)throw f;return g}
function show_root(a,b,c,d){return L(a,b,c,true,(e)=>D(d(),e))}
function block(a){return(b)=>{const c=b.comment("[");const d=b.adopting?a3(c):b.comment("]");a(c,d,b.adopting);if(b.adopting)b.next=b.took(d).nextSibling}}
function when(a){return block((b,c,d)=>{const e=computed(()=>a.findIndex(([f])=>f===null||f()));const g=in_path((h,i)=>h>=0&&D(a[h][1](),i));effect(()=>{const h=e();if(!d)clear_nodes(b.nextSibling,c);L(b.parentNode,b.nextSibling,c,d,(i)=>g(h,i));d=false})})}
function fixed_block(a){return block((b,c,d)=>void L(b.parentNode,b.nextSibling,c,d,(e)=>D(a(),e)))}
function bh(a){const b=[],c=[];a.forEach((d,e)=>{if(d<0)return;let f=0,g=b.length;while(f<g){const h=(f+g)>>1;if(a[b[h]]<d)f=h+1;else g=h}
c[e]=f>0?b[f-1]:-1;b[f]=e});const i=new Set();for(let e=b.length>0?b[b.length-1]:-1;e>=0;e=c[e])i.add(e);return i}
function a8(a,b){const c=new Set();return a.map((d,e)=>{let text=b?to_text(b(d,e)):String(e);if(c.has(text)){console.warn("FLIN: a key appears twice in a list:",text);text=`${text}#${e}`}
c.add(text);return text})}
function q(a){let b=null;const[,c]=scope(()=>{try{a()}catch(d){b=d}},true);if(b===null)return c;c();throw b}
class aH{constructor(a,b,c,d){Object.assign(this,{row:a,render:b,start:c,end:d,items:[],b:null});this.enter=in_path((e,f)=>a6(e,f))}
make(a,b,c,d){const e=signal(b),f=signal(c);d.first=d.last=null;const g=q(()=>this.enter(`b${this.row}:${encodeURIComponent(a)}`,()=>{const h=this.render(e,f);D(h,d,c>0&&N(h[0])&&N(h[h.length-1]))}),);return{key:a,item:e,index:f,dispose:g,first:d.first,last:d.last}}
drop({dispose:a,first:b,last:c}){a();if(b!==null)clear_nodes(b,c.nextSibling)}
l(){this.b?.();this.b=null}
build(a,b,c,d){this.items=[];for(let e=0;e<a.length;e++)this.items.push(this.make(b[e],a[e],e,d));if(a.length===0&&c)this.t(c,d)}
t(a,b){this.b=q(()=>D(a(),b))}
update(a,b,c){if(this.b!==null&&a.length>0){this.l();clear_nodes(this.start.nextSibling,this.end)}
const d=new Map(this.items.map((e,f)=>[e.key,f])),g=new Set(b);const h=this.end.parentNode,i=this.items;for(const e of i)if(!g.has(e.key))this.drop(e);const j=b.map((k)=>d.get(k)??-1),l=bh(j);this.items=new Array(b.length);for(let f=b.length-1,m=this.end;f>=0;f--){const n=j[f]>=0?i[j[f]]:null;if(n===null)this.items[f]=this.make(b[f],a[f],f,new H(h,m,false));else{this.items[f]=n;n.item.set(a[f]);n.index.set(f);if(!l.has(f))this.move(n,m)}
m=this.items[f].first??m}
if(a.length===0&&c&&this.b===null)this.t(c,new H(h,this.end,false))}
move({first:a,last:b},c){for(let d=a,e=b?.nextSibling??null;d!==e;){const f=d.nextSibling;c.parentNode.insertBefore(d,c);d=f}}
clear(){for(const a of this.items)a.dispose();this.items=[];this.l()}}
function each(a,b,c,d,e){return block((f,g,h)=>{const i=new aH(a,d,f,g);let j=true;on_cleanup(()=>i.clear());effect(()=>{const k=items_of(b());const l=a8(k,c);untracked(()=>{if(!j)return i.update(k,l,e);j=false;L(f.parentNode,f.nextSibling,g,h,(m)=>{i.clear();i.build(k,l,e,m)})})})})}
function R(a,e,b){const c=b.k(a),d=b.g(a.$type,{id:a.id,...e},a.$type);if(e.version!==undefined&&a.$version!==e.version){a.$version=e.version;touch(a,"version")}
for(const f in d.$values){const g=a.$values[f],h=d.$values[f],i=eq(g??null,h);if(c.includes(f)&&!i)continue;a.$edits.delete(f);if(d.$json[f]!==undefined)a.$json[f]=d.$json[f];if(i)continue;a.$values[f]=h;touch(a,f)}
return a}
function a2(a,b,c){for(const[d,when]of a.$edits)if(when<=b)a.$edits.delete(d);for(const d of c.k(a))if(!a.$edits.has(d))delete a.$json[d]}
{edit_clock};function ai(a,b,c){a.splice(b===null?0:a.findIndex((d)=>d.id===b)+1,0,c)}
class aI{constructor(a,b,e){this.codec=b;this.type=b(a);this.need=this.have=0;this.get=signal(null);if(e!==undefined)this.get.set(this.type.read(e))}
replace(e){const{element:a}=this.type,b=this.get.peek();if(a===null){const c=b instanceof Row&&e?.id===b.id?R(b,e,this.codec):this.type.read(e);if(!eq(b,c))this.get.set(c);return}
const d=new Map((b??[]).map((f)=>[f.id,f]));const c=e.map((f)=>(d.has(f.id)?R(d.get(f.id),f,this.codec):this.codec.g(a,f,a)));if(b===null||b.length!==c.length||c.some((f,g)=>f!==b[g]))this.get.set(c)}
apply(a){for(const b of a){if(b[0]==="=")this.replace(b[1]);else this.w(b)}}
w([a,b,c]){const d=this.get.peek().slice(),e=d.findIndex((f)=>f.id===b);if(a==="+")ai(d,b,this.codec.g(this.type.element,c,this.type.element));else if(e<0)return;else if(a==="~")return void R(d[e],c,this.codec);else{const[f]=d.splice(e,1);if(a===">")ai(d,c,f)}
this.get.set(d)}}
const ab=1000,aF=30000,aE=0.2,aM=5000;const aA=4001;class aT{constructor(a,b=false){Object.assign(this,{on:a,dev:b,socket:null,tries:0,timer:0,pong:0,ended:false,lost:false});this.back=()=>this.wake();addEventListener("online",this.back);document.addEventListener("visibilitychange",this.back)}
get is_open(){return this.socket?.readyState===1}
connect(){if(this.ended||this.socket!==null)return;clearTimeout(this.timer);const w=(this.socket=new WebSocket(`${location.protocol==="https:"?"wss:":"ws:"}//${location.host}/_ws`));w.onopen=()=>{this.tries=0;this.show("connected");this.on.open()};w.onmessage=({data:a})=>{const b=JSON.parse(a);if(b.type==="pong")this.pong=clearTimeout(this.pong)??0;else this.on.message(b)};w.onclose=({code:c})=>w===this.socket&&this.closed(c)}
closed(a){this.socket=null;this.pong=clearTimeout(this.pong)??0;this.on.close?.();if(a===aA)this.end();if(this.ended)return;this.show("reconnecting");const b=Math.min(ab*2**this.tries++,aF);this.timer=setTimeout(()=>this.connect(),this.dev?ab:b*(1+aE*Math.random()))}
wake(){if(document.visibilityState==="hidden"||this.ended)return;if(this.socket===null)return void(this.lost&&this.connect());if(!this.is_open||this.pong!==0)return;this.send({action:"ping"});this.pong=setTimeout(()=>this.drop(),aM)}
drop(){const w=this.socket;this.closed(1006);w?.close()}
send(a){if(!this.is_open)return false;this.socket.send(JSON.stringify(a));return true}
end(){this.ended=true;clearTimeout(this.timer);this.socket?.close();this.show("offline")}
show(a){this.lost=a==="reconnecting";const b=document.documentElement;if(b.getAttribute("data-flin-connection")===a)return;b.setAttribute("data-flin-connection",a);b.dispatchEvent(new CustomEvent("flin:connection",{detail:a,bubbles:true}))}}
let w=null;const parties=[];function shared_socket(a=false){return(w??=new aT({open:()=>parties.forEach((b)=>b.opened()),close:()=>parties.forEach((b)=>b.lost?.()),message:(c)=>parties.some((b)=>b.message(c))},a,))}
const call_hooks={};class aB{constructor(a){this.view=a;this.waiting=new Map();this.o=0;this.f=0}
call(a,b,c,d){const{in:e=[],out:f=[],post:g=false,event:uses_event}=a.module.calls[b],{codec}=this.view;const h={action:"call",id:++this.o,handler:b};if(e.length>0)h.in=e.map((i,j)=>codec(i).write(c[j]??null));if(a.path!=="")h.scope=a.path;if(uses_event&&d)h.event=call_hooks.event(d);return new Promise((k,l)=>{this.waiting.set(h.id,{p:a,message:h,out:f,post:g,inputs:c,resolve:k,reject:l,sent:false,clock:edit_clock()});this.h()})}
h(){if(!this.view.adopted)return;let a=0;for(const b of this.waiting.values()){if(!b.sent){if(b.post&&a>0)return;b.sent=true;if(b.post)call_hooks.post(this,b);else shared_socket().send(b.message)}
if(b.post)return;a++}}
resume(){for(const a of this.waiting.values()){if(!a.sent)continue;a.message.retry=true;a.sent=false}
this.h()}
result(a){const{view:b}=this,c=this.waiting.get(a.id);b.seq=Math.max(b.seq,a.seq??0);if(c)this.x(c,a);b.d(a.live??[]);this.h()}
x(a,{id:b,out:c=[],value:d,token:f,error:g}){this.waiting.delete(b);this.f=Math.max(this.f,b);if(f)this.view.token=f;if(g)return a.reject(new FlinError(g.code,g.message,g.fields??null));for(const h of a.inputs)if(h instanceof Row)a2(h,a.clock,this.view.codec);for(const[i,e]of c)this.assign(a,a.out[i],e);a.resolve(d===undefined?null:this.view.codec("any").read(d))}
assign(a,[b,c,d],e){if(b<2)return this.view.u(b===0?c:a.p.address(c),e,a.message.id);const f=b===2?a.p.prop(c)():a.inputs[c];call_hooks.take(f,this.view.codec(d).read(e))}
end(){this.waiting.clear()}}
class Instance{constructor(a,b,k,c={},d={}){Object.assign(this,{view:a,module:b,path:k,slots:d});this.props={};for(const e in b.props??{})this.props[e]=this.B(c[e]??null)}
B(a){return typeof a==="function"?computed(in_path(a)):()=>a}
address(a){return this.path===""?a:`${this.path}.${a}`}
cell(a){return this.view.cell(this.address(a),this.module.cells?.[a]??"any")}
prop(a){return this.props[a]??(()=>null)}
live(a){const b=this.module.live[a];const c=(b.in??[]).map((d)=>this.address(this.m(d)));return this.view.live(a,b,this.z(b),c).get}
z(a){if(a.loop===undefined)return a.in?this.path:"";const b=a1().split("/");return b.slice(0,b.findLastIndex((c)=>c.startsWith(`b${a.loop}:`))+1).join("/")}
derived(a){return computed(a)}
call(a,b=[],c=null){return this.view.call(this,a,b,c)}
mount(a){this.view.j(()=>V(a))}
update(a){let b=true;effect(()=>{a(b);b=false},true)}
unmount(a){on_cleanup(()=>V(a))}
m(a){return a in(this.module.cells??{})?a:`props:${a}`}
inputs(){const{live:a={},cells:b={},props:c={}}=this.module;const d=new Set(Object.values(a).flatMap((e)=>e.in??[]));return Array.from(d,(f)=>({name:this.m(f),get:f in b?this.cell(f):this.prop(f),type:[b[f]??c[f]].flat()[0]}))}}
const is_object=(e)=>typeof e==="object"&&e!==null&&!Array.isArray(e);function must(a,b,c){if(!a)fail("R0401",`${b} must be ${c}`)}
const cannot_cross=(a)=>fail("R0020",`${a} cannot leave its agent or tier`);function read_int(e,a,b="int"){must(Number.isInteger(e),a,b);return write_int(e)}
function write_int(a){return Number.isSafeInteger(a)?a+0:fail("R0010","integer overflow")}
function read_items(e,a,b,c){must(Array.isArray(e)&&(c===undefined||e.length===c),a,b);return e}
function exact_keys(e,a,b,c){must(is_object(e)&&Object.keys(e).every((d)=>a.includes(d)),b,c);return e}
const ae={NaN:NaN,Infinity:Infinity,"-Infinity":-Infinity,"-0":-0};function al(e,a){if(typeof e==="number")return e;exact_keys(e,["$n"],a,"number");must(Object.hasOwn(ae,e.$n),a,"number");return ae[e.$n]}
const az=(a)=>(Number.isFinite(a)&&!Object.is(a,-0)?a:{$n:Object.is(a,-0)?"-0":String(a)});const ak=(a,b)=>({read:(e,c)=>(must(typeof e===a,c,b),e),write:(d)=>d});const basic_codecs={none:{read:(e,a)=>(must(e===null,a,"none"),null),write:()=>null},bool:ak("boolean","bool"),text:ak("string","text"),int:{read:read_int,write:write_int},number:{read:al,write:az}};const codec_library={parse:null,compose:null,read_tagged:()=>fail("R0401","a value must be plain"),write_tagged:()=>cannot_cross("value")};function T(text){if(text.endsWith("?")&&/^[^|>]*$/.test(text))return["optional",T(text.slice(0,-1))];if(/^\w+$/.test(text))return[text];const a=/^\[([^:,|()[\]]+|\[[^:,|()]+\])\]$/.exec(text);return a?["list",T(a[1])]:codec_library.parse(text)}
function bb(a={},b={}){const c=new Map(),d={};const f=(g)=>(d[g]??=row_class(g,a[g]));function h(g,e,i){must(is_object(e)&&Number.isSafeInteger(e.id),i,g);const{$set:j=[],...k}=e,l={},q={};for(const m in k){must(Object.hasOwn(a[g],m),i,g);l[m]=n(a[g][m]).read(e[m],`${i}.${m}`);if(typeof l[m]==="object"&&l[m]!==null)q[m]=JSON.stringify(e[m])}
const{version:o=0,...t}=l,p=new(f(g))(t,o);p.$json=q;for(const m of read_items(j,i,g))p.$edits.set(m,0);return p}
const r=(p,m)=>n(a[p.$type][m]).write(p.$values[m]??null);function s(p){return Object.keys(a[p.$type]).filter((m)=>p.$edits.has(m)||(a[p.$type][m][0]==="["&&p.$json[m]!==undefined&&JSON.stringify(r(p,m))!==p.$json[m]),)}
function u(p){const set={},k=p.id===0?Object.keys(p.$values).filter((v)=>v!=="id"):s(p);for(const m of k)set[m]=r(p,m);return{$e:p.$type,id:p.id,v:p.$edits.size>0?p.$base:p.$version,set}}
const w={read(e,i){if(Array.isArray(e))return e.map((x)=>w.read(x,i));if(!is_object(e))return e;return"$n"in e?al(e,i):codec_library.read_tagged(e,i,n,a)},write(z){if(typeof z==="number")return az(z);if(Array.isArray(z))return track(z).map(w.write);if(z instanceof Row)return u(z);return(typeof z==="object"&&z!==null)||typeof z==="function"?codec_library.write_tagged(z,n):(z??null)}};function A([B,...C]){if(B==="any"||B==="union")return w;if(Object.hasOwn(basic_codecs,B))return basic_codecs[B];if(B==="optional"||B==="list"){const{read:y,write:D}=A(C[0]);if(B==="list")return{read:(e,i)=>read_items(e,i,"list").map((E)=>y(E,i)),write:(z)=>track(z).map(D)};return{read:(e,i)=>(e===null?null:y(e,i)),write:(z)=>(z===null?null:D(z))}}
const k=a[B];if(k===undefined||Object.values(k).some(Array.isArray))return codec_library.compose(B,C,A,n,a,b);return{read:(e,i)=>h(B,e,i),write:(z)=>(must(z instanceof Row,"value",B),u(z))}}
function n(text){let F=c.get(text);if(F===undefined){const g=T(text),{read:y,write:D}=A(g),[element]=g[1]??[];F={read:(e,i="value")=>y(e,i),write:(z)=>untracked(()=>D(z)),E:D,element:g[0]==="list"&&a[element]!==undefined&&a[element].id?element:null};c.set(text,F)}
return F}
return Object.assign(n,{g:h,k:s,F:f})}
const P="flin:keep",ad="flin:reloads",aQ=10000,aP=2;let s=null;const page_hooks={messages:{}};function current_page(){return s}
function bk(page){const q=JSON.parse(sessionStorage.getItem(P)??"null");if(q?.page!==page)return{};sessionStorage.removeItem(P);return q.cells}
function an(){const a=Date.now();const b=JSON.parse(sessionStorage.getItem(ad)??"[]").filter((c)=>a-c<aQ);if(b.length>=aP)return void shared_socket().end();sessionStorage.setItem(ad,JSON.stringify([...b,a]));location.reload()}
class aO{constructor(a){this.module=a;this.state=JSON.parse(document.getElementById("flin-state").textContent);this.token=this.state.token;this.seq=this.state.seq;this.codec=bb(a.types,a.functions);this.cells=new Map();this.lives=new Map();this.values={...this.state.live};this.watched=new Map();this.opened=new Map();this.news={set:{},open:{},close:[]};this.n=0;this.adopted=false;this.first=true;this.adopting=true;this.shown=[];this.calls=new aB(this)}
start(){this.kept=bk(this.state.page);const a=document.getElementById("flin-state"),b=(this.root=new Instance(this,this.module,""));hooks.schedule=(c)=>this.schedule(c);[,this.dispose]=scope(()=>batch(()=>run_in("",b,()=>{if(this.module.head)this.D(b);show_root(document.body,document.body.firstChild,a,()=>this.module.view(b));this.watch(b);this.module.setup?.(b)}),),);this.adopting=false;flush();this.r();this.C();shared_socket(this.state.dev).connect();return this}
D(a){const b=Array.from(document.head.childNodes).filter((d)=>d.nodeType===8);const[c,e]=[b.find((f)=>f.data==="["),b.findLast((f)=>f.data==="]")];show_root(document.head,c.nextSibling,e,()=>this.module.head(a))}
j(a){this.shown.push(a)}
r(){for(const a of this.shown.splice(0))a()}
schedule(a){const b=()=>{a();this.r();this.s()};if(document.visibilityState==="hidden")setTimeout(b,16);else requestAnimationFrame(b)}
cell(a,b){return this.cells.get(a)??this.A(a,b)}
A(a,b){const[c,d]=Array.isArray(b)?b:[b];const{cells:f={}}=this.state,g=this.codec(c),q=this.kept[a];let e=f[a];if(q?.[0]===c)e=q[1];const h=signal(e===undefined?null:g.read(e,a));h.type=c;this.cells.set(a,h);if(!Array.isArray(b))return h;page_hooks.async_cell(this,h,a,d);return h}
live(a,b,c,d){const e=c===""?String(a):`${a}@${c}`;let f=this.lives.get(e);if(f===undefined){this.lives.set(e,(f=new aI(b.type,this.codec,this.values[e])));Object.assign(f,{key:e,inputs:d,users:0});delete this.values[e]}
f.users++;on_cleanup(()=>{if(--f.users===0)this.j(()=>f.users===0&&this.lives.delete(e))});return f}
watch(a){for(const{name:b,get,type:c}of a.inputs()){const d=a.address(b),e=this.codec(c),f={sent:undefined,call:0,get,codec:e};const g=(this.state.cells??{})[d];this.watched.set(d,f);effect(()=>{f.json=e.E(get());const text=JSON.stringify(f.json);if(f.sent===undefined)f.sent=g===undefined?text:JSON.stringify(g);if(f.sent!==text)this.news.set[d]=f;else delete this.news.set[d]},true);on_cleanup(()=>{this.watched.delete(d);delete this.news.set[d]})}}
e(a){return Object.fromEntries(a.inputs().map(({name:b,get,type:c})=>[b,this.codec(c).write(get())]))}
s(){const{set,open:a,close:b}=this.news,u=Object.keys(set),c=Object.values(a);if(u.length+c.length+b.length===0)return;this.news={set:{},open:{},close:[]};this.n++;const d={action:"cells",n:this.n};if(u.length>0)d.set=Object.fromEntries(u.map((e)=>[e,set[e].json]));if(c.length>0)d.open=Object.fromEntries(c.map((f)=>[f.path,this.e(f)]));if(b.length>0)d.close=b;for(const e of u){set[e].sent=JSON.stringify(set[e].json);set[e].call=this.calls.o}
for(const g of this.lives.values())if(g.inputs.some((e)=>u.includes(e)))g.need=this.n;if(this.adopted)shared_socket().send(d)}
C(){this.news.open={};if(Object.keys(this.news.set).length>0)this.s()}
adopt(){const a={action:"page",token:this.token,build:this.module.build};if(![...this.lives.values()].some((b)=>b.have<b.need))a.seq=this.seq;a.n=this.n;if(!this.first)a.last=this.calls.f;this.first=false;const c=this.e(this.root);if(Object.keys(c).length>0)a.cells=c;if(this.opened.size>0)a.open=Object.fromEntries([...this.opened].map(([k,d])=>[k,this.e(d)]));page_hooks.adopt?.(this,a);shared_socket().send(a)}
lost(){this.adopted=false}
receive(a){const t=this[`on_${a.type}`],b=page_hooks.messages[a.type];batch(()=>(t?t.call(this,a):b?.(this,a)));return true}
on_page(a){const{recovered:b,seq:c,n:d=0,live:e={}}=a;this.adopted=true;this.seq=c;if(!b)this.d(Object.entries(e).map(([f,g])=>[f,[["=",g]],d]));page_hooks.page?.(this,a);this.calls.resume()}
on_live({seq:a,set}){this.seq=a;this.d(set)}
d(a){for(const[b,c,d=0]of a){const e=this.lives.get(b);if(e===undefined){if(c[0]?.[0]==="=")this.values[b]=c[0][1]}else if(d>=e.need){e.have=Math.max(e.have,d);e.apply(c)}}}
on_result(a){this.calls.result(a)}
u(a,e,b){const c=this.cells.get(a),d=this.watched.get(a);if(d&&d.call<b)d.sent=JSON.stringify(e);else if(d)d.sent=null;c?.set(this.codec(c.type).read(e,a))}
on_signal({handler:a,args:b=[]}){const c=this.module.signals?.[a];if(c)c(this.root,...b);else this.calls.call(this.root,a,b,null).catch(hooks.report)}
on_reload({reason:a}){if(a==="build"||a==="token"){const b={};for(const[c,d]of this.cells)if(!d.async)b[c]=[d.type,this.codec(d.type).write(d.peek())];sessionStorage.setItem(P,JSON.stringify({build:this.module.build,page:this.state.page,cells:b}))}
an()}
on_error({code:a,message:b,action:c}){if(c!=="subscribe")hooks.report(new FlinError(a,b))}
call(a,b,c,d){return this.calls.call(a,b,c,d)}
end(){this.dispose();this.calls.end()}}
function ar(a){const{build:b}=JSON.parse(document.getElementById("flin-state").textContent);if(b!==a.build)return void an();leave_page();s=new aO(a);return s.start()}
function leave_page(){s?.end();s=null}
function page(a){if(s===null)ar(a);return{module:a,show:()=>ar(a)}}
parties.push({opened:()=>s?.adopt(),lost:()=>s?.lost(),message:(a)=>s?.receive(a)});hooks.endless=()=>new FlinError("R0019","updates do not end");hooks.report=(a)=>{const b=new CustomEvent("flin:error",{detail:a,cancelable:true});if(document.dispatchEvent(b))console.error(a.code?`${a.code}: ${a.message}`:a)};
export{FlinError,Instance,Row,add_int,attribute_kinds,basic_codecs,batch,block,call_hooks,cannot_cross,clear_nodes,codec_library,computed,controls,converted,current_instance,current_page,delays,each,edit_clock,effect,el,eq,exact_keys,fail,fixed_block,flush,hooks,in_path,inner_text,inspect,int_result,is_int,is_object,items_of,leave_page,mod_int,mul_int,must,neg_int,note_edit,on_cleanup,page,page_hooks,parties,quoted,read_int,read_items,row_class,run_in,same,scope,set_attribute,shared_socket,show_root,signal,step_below,sub_int,text,to_text,touch,track,truthy,type_of,untracked,when,write_int};
