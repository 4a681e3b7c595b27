import{FlinError,Instance,Row,add_int,attribute_kinds,basic_codecs,batch,block,call_hooks,cannot_cross,clear_nodes,codec_library,controls,converted,current_instance,current_page,delays,effect,eq,exact_keys,fail,fixed_block,flush,hooks,in_path,inner_text,int_result,is_int,is_object,leave_page,mod_int,must,neg_int,on_cleanup,page_hooks,parties,read_int,read_items,run_in,set_attribute,shared_socket,signal,step_below,sub_int,to_text,touch,track,type_of,untracked,write_int}from"/_flin/runtime.js";
class z{constructor(d){this.value=d}
flin_same(a){return a instanceof this.constructor&&a.value===this.value}}
class Time extends z{get flin_kind(){return"time"}
flin_text(){return new Date(this.value).toISOString()}}
class Duration extends z{get flin_kind(){return"duration"}
flin_text(){let a=Math.abs(this.value);const b=[];for(const[c,d]of[["d",864e5],["h",36e5],["m",6e4],["s",1e3],["ms",1]]){const e=Math.floor(a/d);a-=e*d;if(e>0)b.push(e+c)}
return(this.value<0?"-":"")+(b.join(" ")||"0ms")}}
const D={0:"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",3:"BHD IQD JOD KWD LYD OMR TND",4:"CLF UYW"};function decimals_of(a){for(const b in D)if(D[b].includes(a))return+b;return 2}
class Money extends z{get flin_kind(){return"money"}
constructor(a,b){super(a);this.currency=b}
get minor(){return this.value}
get amount(){return this.value/10**decimals_of(this.currency)}
a(){const a=decimals_of(this.currency),b=String(Math.abs(this.value)).padStart(a+1,"0"),c=b.length-a;return(this.value<0?"-":"")+b.slice(0,c)+(a?"."+b.slice(c):"")}
flin_same(a){return super.flin_same(a)&&a.currency===this.currency}
flin_text(){return this.a()+" "+this.currency}}
class Regex{get flin_kind(){return"regex"}
constructor(a,b){this.source=a;this.flags=b;this.compiled=new RegExp(a,b+"gu")}
flin_text(){return`/${this.source}/${this.flags}`}}
class View{get flin_kind(){return"view"}
constructor(html){this.html=html}
flin_text(){return this.html}}
class FlinFile{get flin_kind(){return"file"}
constructor(a,b=null){Object.assign(this,a);this.blob=b}
flin_text(){return this.name??""}}
class Tuple{get flin_kind(){return"tuple"}
constructor(...a){this.items=a}
flin_text(){return`(${this.items.map(inner_text).join(", ")})`}
flin_equal(a){return a instanceof Tuple&&eq(this.items,a.items)}}
class Variant{get flin_kind(){return this.type}
constructor(a,b,c=[],d=0){this.type=a;this.name=b;this.values=c;this.index=d}
flin_same(a){const{type:b,name:c,values:d}=this;return a instanceof Variant&&a.type===b&&a.name===c&&d.every((e,f)=>e===a.values[f])}
flin_equal(a){return a instanceof Variant&&a.type===this.type&&a.name===this.name&&eq(this.values,a.values)}
flin_text(){return this.name+(this.values.length?`(${this.values.map(inner_text).join(", ")})`:"")}}
class FlinMap{get flin_kind(){return"map"}
constructor(a=[]){this.entries=new Map();for(const[b,d]of a)this.entries.set(r(b),[b,d])}
get size(){return track(this).entries.size}
has(a){return track(this).entries.has(r(a))}
get(a){return track(this).entries.get(r(a))?.[1]??null}
set(a,d){const b=r(a),c=this.entries.get(b);if(c===undefined)this.entries.set(b,[a,d]);else c[1]=d;touch(this)}
delete(a){if(this.entries.delete(r(a)))touch(this)}
assign(a){this.entries=new Map(a.entries);touch(this)}
flin_text(){return`[${Array.from(this,([a,b])=>`${inner_text(a)}: ${inner_text(b)}`).join(", ")||":"}]`}
flin_equal(a){if(!(a instanceof FlinMap)||this.size!==a.size)return false;for(const[b,d]of this)if(!a.has(b)||!eq(d,a.get(b)))return false;return true}
flin_items(){return Array.from(this,([a])=>a)}
[Symbol.iterator](){return track(this).entries.values()}}
function r(a){if(typeof a==="string")return a[0]==="\0"?"\0"+a:a;if(typeof a!=="object"||a===null)return a;if(a instanceof Tuple)return"\0("+JSON.stringify(a.items.map((b)=>[typeof b,r(b)]));if(a instanceof Variant)return"\0e"+a.type+"."+a.name;return"\0t"+a.value}
function ab(a){let b=0;function c(e){const f=[];while(a[b]!==e){f.push(g());if(a[b]===",")b++}
b++;return f}
function h(){if(a[b]==="["){b++;const i=g();if(a[b++]==="]")return["list",i];const d=g();b++;return["map",i,d]}
if(a[b]==="("){b++;const f=c(")");if(!a.startsWith("->",b))return f.length===1?f[0]:["tuple",...f];b+=2;g();return["function"]}
const[j]=/^[\w$]+(<[^>]*>)?/.exec(a.slice(b))??[a.slice(b)];b+=j.length;return[j]}
function g(){const k=[];do{if(a[b]==="|")b++;let l=h();for(;a[b]==="?";b++)if(l[0]!=="optional"&&l[0]!=="any"&&l[0]!=="none")l=["optional",l];k.push(l)}while(a[b]==="|");return k.length===1?k[0]:["union",...k]}
const l=g();if(b!==a.length||b===0)throw new Error(`bad type text: ${a}`);return l}
const K=(a,b)=>({read:(c,d)=>new a(read_int(c,d,b)),write:(e)=>write_int(e.value)});const E=(a)=>a.every((b)=>typeof b==="string");const Z={read(a,b){const[c,d]=read_items(a,b,"money",2);must(typeof d==="string"&&/^[A-Z]{3}$/.test(d),b,"money");return new Money(read_int(c,b,"money"),d)},write:(e)=>[write_int(e.value),e.currency]};const ad={read(a,b){must(E(read_items(a,b,"regex",2)),b,"regex");return new Regex(a[0],a[1])},write:(c)=>[c.source,c.flags]};const e={read:(a,b)=>(must(typeof a==="string",b,"view"),new View(a)),write:()=>cannot_cross("view")};const h={read(a,b){const{message:c,code:d="",fields:e={}}=exact_keys(a,["message","code","fields"],b,"error");must(typeof c==="string"&&typeof d==="string"&&is_object(e)&&E(Object.values(e)),b,"error");return new FlinError(d,c,a.fields??null)},write:(f)=>({message:f.message,...(f.code&&{code:f.code}),...(f.fields&&{fields:f.fields})})};const B={read(a,b){exact_keys(a,["name","size","type","url"],b,"file");must(typeof a.url==="string",b,"file");for(const c in a)must(typeof a[c]===(c==="size"?"number":"string"),b,"file");return new FlinFile(a)},write:(d)=>(d.blob?{$f:d}:{url:d.url})};Object.assign(basic_codecs,{time:K(Time,"time"),duration:K(Duration,"duration"),money:Z,regex:ad,view:e,error:h,file:B});function Y(a,d){return{read(b,c){const e=new FlinMap();for(const f of read_items(b,c,"map")){const[g,h]=read_items(f,c,"map",2),i=a.read(g,c);must(!e.has(i),c,"map without a key twice");e.set(i,d.read(h,c))}
return e},write:(h)=>Array.from(h,([g,j])=>[a.write(g),d.write(j)])}}
function ag(a){return{read:(b,c)=>new Tuple(...read_items(b,c,"tuple",a.length).map((d,e)=>a[e].read(d,c))),write:(f)=>f.items.map((d,e)=>a[e].write(d))}}
function U(a,b,c){const d=Object.keys(b);return{read(e,f){const[g,...h]=Array.isArray(e)?e:[e];must(typeof g==="string"&&Object.hasOwn(b,g),f,a);const i=b[g];must(h.length===i.length&&Array.isArray(e)===i.length>0,f,a);return new Variant(a,g,h.map((j,k)=>c(i[k]).read(j,f)),d.indexOf(g))},write:(j)=>(j.values.length>0?[j.name,...j.values.map((l,k)=>c(b[j.name][k]).write(l))]:j.name)}}
function X(a){return{read:(b,c)=>(must(typeof b==="string"&&Object.hasOwn(a,b),c,"function"),a[b]),write:(d)=>d.flin_name??cannot_cross("function")}}
codec_library.parse=ab;codec_library.compose=(a,b,c,d,e,f)=>{if(a==="map")return Y(...b.map(c));if(a==="tuple")return ag(b.map(c));if(a==="function")return X(f);if(e[a]===undefined)throw new Error(`unknown type: ${a}`);return U(a,e[a],d)};const Q=["time","duration","money","error","file","regex","view"];codec_library.read_tagged=(a,b,c,d)=>{exact_keys(a,["$t","v"],b,"a value");const{$t:e,v:f}=a;must(typeof e==="string"&&"v"in a,b,"a value");if(e==="map")return c("[any:any]").read(f,b);if(e==="tuple")return new Tuple(...read_items(f,b,"tuple").map((g)=>c("any").read(g,b)));must(Q.includes(e)||e==="function"||Object.hasOwn(d,e),b,"a value");return c(e==="function"?"()->any":e).read(f,b)};codec_library.write_tagged=(a,b)=>{const c=typeof a==="function"?"function":a.flin_kind;if(c==="map")return{$t:c,v:b("[any:any]").write(a)};if(c==="tuple")return{$t:c,v:a.items.map((d)=>b("any").write(d))};if(c===undefined)return cannot_cross("object");return{$t:c,v:b(c==="function"?"()->any":c).write(a)}};function wrong_type(a,d){return fail("R0006",`expected ${a}, found ${type_of(d)}`)}
function expect_number(d){return typeof d==="number"?d:wrong_type("number",d)}
function expect_int(d){return is_int(d)?d:wrong_type("int",d)}
function expect_text(d){return typeof d==="string"?d:wrong_type("text",d)}
const g=(d)=>typeof d==="number";const I=(d)=>d===null||typeof d!=="object"||d.flin_same!==undefined;function u(a,b){if(a.currency!==b.currency)fail("R0017",`currencies differ: ${a.currency} and ${b.currency}`)}
function F(a){const b=Math.floor(a),c=a-b;return c>0.5||(c===0.5&&b%2!==0)?b+1:b}
const C=(a)=>int_result(Math.sign(a)*Math.floor(Math.abs(a)+0.5));function add(a,b){if(g(a)&&g(b))return a+b;if(typeof a==="string"||typeof b==="string"){if(I(a)&&I(b))return to_text(a)+to_text(b)}else if(a instanceof Money&&b instanceof Money){u(a,b);return new Money(add_int(a.value,b.value),a.currency)}else if(b instanceof Duration&&(a instanceof Time||a instanceof Duration)){return new a.constructor(add_int(a.value,b.value))}else if(a instanceof Duration&&b instanceof Time){return new Time(add_int(a.value,b.value))}
return wrong_type(type_of(a),b)}
function sub(a,b){if(g(a)&&g(b))return a-b;if(a instanceof Money&&b instanceof Money){u(a,b);return new Money(sub_int(a.value,b.value),a.currency)}
if(b instanceof Duration&&(a instanceof Time||a instanceof Duration))return new a.constructor(sub_int(a.value,b.value));if(a instanceof Time&&b instanceof Time)return new Duration(sub_int(a.value,b.value));return wrong_type(type_of(a),b)}
function mul(a,b){if(g(a)&&g(b))return a*b;if(g(a))return mul(b,a);if(g(b)&&a instanceof Money)return new Money(int_result(F(a.value*b)),a.currency);if(g(b)&&a instanceof Duration)return new Duration(C(a.value*b));return wrong_type("number",a)}
function div(a,b){if(g(a)&&g(b))return a/b;if(a instanceof Money&&b instanceof Money){u(a,b);return a.value/b.value}
if(a instanceof Duration&&b instanceof Duration)return a.value/b.value;if(g(b)&&a instanceof Money)return new Money(int_result(F(a.value/b)),a.currency);if(g(b)&&a instanceof Duration)return new Duration(C(a.value/b));return wrong_type("number",g(a)?b:a)}
function mod(a,b){return is_int(a)&&is_int(b)?mod_int(a,b):expect_number(a)%expect_number(b)}
function pow(a,b){if(expect_number(a)===1||(a===-1&&Math.abs(expect_number(b))===Infinity))return 1;return a**expect_number(b)}
function neg(a){if(g(a))return-a;if(a instanceof Duration)return new Duration(neg_int(a.value));return a instanceof Money?new Money(neg_int(a.value),a.currency):wrong_type("number",a)}
function span(a,b){return new Duration(C(a*b))}
const ne=(a,b)=>!eq(a,b);const L=(a)=>(a>=0xe000?a-0x800:a>=0xd800?a+0x2000:a);function compare(a,b){if(g(a)&&g(b))return a<b?-1:a>b?1:a===b?0:NaN;if(typeof a==="string"&&typeof b==="string"){const c=Math.min(a.length,b.length);for(let d=0;d<c;d++){const e=a.charCodeAt(d),f=b.charCodeAt(d);if(e!==f)return L(e)<L(f)?-1:1}
return Math.sign(a.length-b.length)}
if(a?.flin_same&&!(a instanceof Variant)&&a.constructor===b?.constructor){if(a instanceof Money)u(a,b);return Math.sign(a.value-b.value)}
return wrong_type(type_of(a),b)}
const lt=(a,b)=>compare(a,b)<0;const le=(a,b)=>compare(a,b)<=0;const gt=(a,b)=>compare(a,b)>0;const ge=(a,b)=>compare(a,b)>=0;const O=/[\ud800-\udbff][\udc00-\udfff]/;function points(a){return O.test(a)?Array.from(a):a}
function concat(a,b){return Array.isArray(a)&&Array.isArray(b)?[...track(a),...track(b)]:to_text(a)+to_text(b)}
function is_in(a,b){if(typeof b==="string")return b.includes(expect_text(a));if(Array.isArray(b))return track(b).some((c)=>eq(c,a));return b instanceof FlinMap?b.has(a):wrong_type("list",b)}
function position(a,b,c="list"){const d=expect_int(b)<0?b+a.length:b;return d>=0&&d<a.length?d:fail("R0011",`index ${b} is out of range (${c} of ${a.length})`)}
function get_index(a,b){if(typeof a==="string"){const c=points(a);return c[position(c,b,"text")]}
if(Array.isArray(a))return track(a)[position(a,b)]??null;if(a instanceof FlinMap)return a.get(b);return a===null?fail("R0007","none has no member '[]'"):wrong_type("list",a)}
function set_index(a,b,d){if(a instanceof FlinMap)a.set(b,d);else if(Array.isArray(a)){a[position(a,b)]=d;touch(a)}else wrong_type("list",a)}
function slice(a,b=null,c=null,d=null){const e=typeof a==="string",f=e?points(a):Array.isArray(a)?track(a):wrong_type("list",a);const g=d??1,h=f.length;if(g===0)fail("R0014","invalid argument: step is 0");const i=g>0?0:-1,j=g>0?h:h-1;const k=(l,m)=>(l===null?m:Math.max(i,Math.min(j,l<0?l+h:l)));const from=k(b,g>0?i:j),n=k(c,g>0?j:i);if(g===1)return e&&Array.isArray(f)?f.slice(from,n).join(""):n>from?f.slice(from,n):e?"":[];const o=[];for(let p=from;g>0?p<n:p>n;p+=g)o.push(f[p]);return e?o.join(""):o}
function range(a,b){return int_range(a,b+1)}
function int_range(a,b,c=1){if(c===0)fail("R0014","invalid argument: step is 0");const d=[];for(let e=a;c>0?e<b:e>b;e+=c)d.push(e);return d}
function member(d,a){if(d instanceof FlinMap)return d.get(a);if(d instanceof Tuple&&a in d.items)return d.items[a];if(d===null||d===undefined)return fail("R0007",`none has no member '${a}'`);if(typeof d==="object"&&(a in d||(d instanceof Row&&a in d.$fields)))return d[a]??null;return fail("R0008",`${type_of(d)} has no member '${a}'`)}
function set_member(d,a,b){if(d instanceof FlinMap)d.set(a,b);else if(d instanceof Row&&a in d.$fields)d[a]=b;else if(d===null)fail("R0007",`none has no member '${a}'`);else fail("R0008",`${type_of(d)} has no member '${a}'`)}
function attempt(a){try{return a()}catch(h){return h instanceof FlinError?h:new FlinError("R0501",String(h.message??h))}}
const q=(a,b)=>converted(a.value,b)??a.value;const N=(a)=>a.checked!==a.defaultChecked;const J=(a)=>a.checked&&a.setAttribute("checked","");Object.assign(controls,{checkbox:{read(a,d,b){if(!Array.isArray(d))return a.checked;const c=q(a,b),e=d.filter((f)=>!eq(f,c));return a.checked?[...e,c]:e},show:(a,d,b)=>(a.checked=Array.isArray(d)?d.some((f)=>eq(f,q(a,b))):!!d),touched:N,first:J},radio:{read:(a,d,b)=>(a.checked?q(a,b):undefined),show:(a,d,b)=>(a.checked=eq(q(a,b),d)),touched:(a)=>a.checked&&N(a),first:J},select:{read(a,d,b){if(!a.multiple)return q(a,b);return Array.from(a.options).filter((g)=>g.selected).map((g)=>q(g,b))},show(a,d,b){for(const h of a.options){const c=q(h,b),i=Array.isArray(d)?d.some((f)=>eq(f,c)):to_text(c)===to_text(d);if(h.selected!==i)h.selected=i}},touched(a){const j=Array.from(a.options);return j.some((g)=>g.defaultSelected)&&j.some((g)=>g.selected!==g.defaultSelected)},first(){}}});controls.file={read(a){const b=Array.from(a.files,(c)=>new FlinFile({name:c.name,size:c.size,type:c.type,url:""},c));return a.multiple?b:(b[0]??null)},show(a,d){if(d===null||d.length===0)a.value=""},touched:(a)=>a.files?.length>0,first(){}};function G(d){if(Array.isArray(d))return track(d).map(G).join("");if(d?.flin_kind==="view")return d.html;return d===false?"":to_text(d).replace(/[&<>"']/g,(a)=>`&#${a.charCodeAt(0)};`)}
function html(a){return block((b,c,d)=>{effect(()=>{const e=G(a());if(!d){clear_nodes(b.nextSibling,c);const f=document.createElement("template");f.innerHTML=e;c.parentNode.insertBefore(f.content,c)}
d=false})})}
attribute_kinds["..."]=(a,b,c)=>{let e=[];effect(()=>{const f=[];for(const[g,d]of c()??[]){if(/^on/i.test(g)||typeof d==="function")console.warn("FLIN: an event in a spread is left out:",g);else if(!b)set_attribute(a,g,d);f.push(g)}
for(const g of e)if(!f.includes(g))a.removeAttribute(g);e=f;b=false})};const l=new Map();function debounce(a,b,c=300){clearTimeout(l.get(a));l.set(a,setTimeout(()=>{l.delete(a);b()},c))}
function throttle(a,b,c=300){const d=l.get(a);if(d!==undefined)return void(d.last=b);const e={last:null};l.set(a,e);b();e.timer=setTimeout(()=>{l.delete(a);if(e.last!==null)throttle(a,e.last,c)},c)}
function W(a){clearTimeout(l.get(a)?.timer??l.get(a));l.delete(a)}
for(const[a,b]of[["debounce",debounce],["throttle",throttle]])delays[a]=(c,d)=>{const e={};on_cleanup(()=>W(e));return(f)=>b(e,()=>c(f),d)};function aa(e,a){on_cleanup(()=>{for(const b of e.cells.keys())if(b.startsWith(`${a.path}.`))e.cells.delete(b)});if(a.inputs().length===0)return;e.watch(a);e.opened.set(a.path,a);e.news.open[a.path]=a;on_cleanup(()=>{e.opened.delete(a.path);if(a.path in e.news.open)delete e.news.open[a.path];else e.news.close.push(a.path)})}
function component(a){return a}
function use(a,b,c={},d={}){const f=current_instance();const g=Object.fromEntries(Object.entries(d).map(([h,i])=>[h,(j)=>run_in(j,f,i)]));return fixed_block(in_path(()=>{const j=step_below(`c${a}`),{view:e}=f,k=new Instance(e,b,j,c,g);return run_in(j,k,()=>{if(!e.adopting)untracked(()=>b.init?.(k));aa(e,k);const l=b.view(k);b.setup?.(k);return l})}),)}
function slot(a,b,c){const{slots:d,path:e}=current_instance();return fixed_block(in_path(()=>{const f=d[b];return f?f(`${e}/s${a}`):(c?.()??[])}))}
function V(a){const b=a.target??{},c=a.currentTarget?.localName==="form"?a.currentTarget:b.form;const of={id:b.id??"",name:b.name??"",value:b.value??"",checked:!!b.checked};const d=c?Array.from(new FormData(c)).filter(([e,f])=>typeof f==="string"&&!e.startsWith("_flin_")):[];return{type:a.type,value:of.value,checked:of.checked,key:a.key??null,x:a.clientX??0,y:a.clientY??0,form:d,target:of}}
function af(a,b){if(Array.isArray(a)){a.splice(0,a.length,...b);touch(a)}else if(a?.flin_items)a.assign(b);else if(a instanceof Row){a.$edits.clear();a.$version=b.$version;for(const c in b.$values){a.$values[c]=b.$values[c];touch(a,c)}}}
function R(a){const b=[];const c=JSON.stringify(a,(e,d)=>(d?.$f instanceof FlinFile?{$f:b.push(d.$f.blob)-1}:d));if(b.length===0)return c;const f=new FormData();f.append("call",c);b.forEach((B,g)=>f.append(`f${g}`,B));return f}
async function ac(a,b){const c=R({token:a.view.token,...b.message});const d=typeof c==="string"?{"content-type":"application/json"}:{};try{const e=await fetch("/_action",{method:"POST",headers:d,body:c});if(e.status===204)return;const f=await e.json();batch(()=>a.result(f))}catch{b.sent=false;b.message.retry=true}}
Object.assign(call_hooks,{event:V,take:af,post:ac});const w={state:"idle"};function make_async(a){const b=signal(w),set=a.set;const c=(d,e)=>batch(()=>{set(d);b.set(e)});a.async={status:b,previous:null,before:null,turn:0,operation:null,loading:()=>c(null,{state:"loading"}),idle:(d)=>c(d,w),success(d){this.previous=d;c(d,{state:"success"})},error:(f,g)=>c(null,{state:"error",code:f,message:g})};a.set=(d)=>{a.async.turn++;a.async.operation=null;a.async.idle(d)};return a}
function start_async(a,b){const c=a.async,e=++c.turn;c.before=[a.peek(),c.status.peek()];c.operation=b;c.loading();return Promise.resolve().then(b).then((d)=>e===c.turn&&c.success(d??null),(h)=>e===c.turn&&c.error(h?.code??"",String(h?.message??h)),)}
function received_async(a,b,[m,...c]){if(m==="success"||m==="idle")a.async[m](b.read(c[0]??null));else a.async[m](...c)}
const s=(a)=>a.async?.status()??w;const is_loading=(a)=>s(a).state==="loading";const is_error=(a)=>s(a).state==="error";const is_idle=(a)=>s(a).state==="idle";const is_ready=(a)=>s(a).state==="success";const error_message=(a)=>s(a).message??"";const previous=(a)=>(s(a),a.async?.previous??null);function retry(a){if(a.remote)a.remote("retry");else if(a.async?.operation)start_async(a,a.async.operation)}
function cancel(a){if(a.remote)return a.remote("cancel");const b=a.async;if(!b?.before||!is_loading(a))return;b.turn++;const[d,c]=b.before;b.idle(d);b.status.set(c)}
page_hooks.async_cell=(e,a,b,c)=>{make_async(a);if(c)a.remote=(d)=>shared_socket().send({action:"async",cell:b,op:d});const f=e.state.async?.[b];if(f)received_async(a,e.codec(a.type),f)};page_hooks.adopt=(e,a)=>{const b=[...e.cells].filter(([,c])=>c.remote&&c.async.status.peek().state==="loading");if(b.length>0)a.pending=b.map(([d])=>d)};page_hooks.page=(e,{async={}})=>{for(const a in async)received_async(e.cells.get(a),e.codec(e.cells.get(a).type),async[a])};page_hooks.messages.async=(e,{cell:a,state:m,value:d,code:b,message:c})=>{const f=e.cells.get(a);if(f?.async)received_async(f,e.codec(f.type),m==="error"?[m,b,c]:[m,d])};const j=new Map();const t=new Map();function M(a){const b=j.get(a);return{action:"subscribe",type:a,...(b!==null&&{since:b})}}
function ae(){for(const a of j.keys())shared_socket().send(M(a))}
function T(a){const{type:b,entity_type:c,seq:d}=a;if(b==="subscribed"){if(!j.has(c))return true;if(j.get(c)===null||!a.recovered)j.set(c,d)}else if(b==="unsubscribed")j.delete(c);else if(b==="entity_change")S(a);else return false;return true}
parties.push({opened:ae,message:T});function S({entity_type:a,change:b,entity:c,seq:d}){j.set(a,d);for(const e of[...(t.get(a)??[])])e({type:b,change:b,entity_type:a,entity:c,seq:d})}
function ws_connect(){shared_socket().connect()}
function ws_subscribe(a){ws_connect();if(j.has(a))return;j.set(a,null);shared_socket().send(M(a))}
function ws_unsubscribe(a){if(j.delete(a))shared_socket().send({action:"unsubscribe",type:a})}
function on_entity_change(a,b){if(!t.has(a))t.set(a,new Set());t.get(a).add(b);ws_subscribe(a);return()=>t.get(a).delete(b)}
const H=(a)=>Array.from(a.childNodes,(b)=>document.importNode(b,true));async function navigate(a,b=false){const c=await fetch(a,{headers:{accept:"text/html"}});const d=new DOMParser().parseFromString(await c.text(),"text/html");const f=d.querySelector('script[type="module"][src^="/_flin/page/"]');if(f===null||!d.getElementById("flin-state"))return void location.assign(a);const g=await import(new URL(f.getAttribute("src"),location.href).href);leave_page();document.head.replaceChildren(...H(d.head).filter((h)=>h.localName!=="script"));document.body.replaceChildren(...H(d.body));history[b?"replaceState":"pushState"](null,"",c.url||a);const e=g.default.show();if(shared_socket().is_open)e.adopt()}
const P="position:fixed;inset:0;margin:0;padding:2rem;overflow:auto;z-index:2147483647;background:#1e1e1e;color:#fff";page_hooks.messages.diagnostics=(e,{text:a})=>{document.getElementById("flin-diagnostics")?.remove();if(!a)return;const b=document.createElement("pre");b.id="flin-diagnostics";b.textContent=a;b.setAttribute("style",P);document.body.append(b)};hooks.mismatch=(h)=>current_page()?.state.dev&&console.warn("FLIN: the page differs from what its program calls for:",h.message);function A(a){const e=current_page(),b=e?.module.cells?.[a];if(b===undefined)throw new Error(`this page has no variable '${a}'`);const c=e.cell(a,b);return c.async?c:make_async(c)}
Object.assign(globalThis,{_flinAsync:(a,b)=>start_async(A(a),()=>b),_flinIsLoading:(a)=>is_loading(A(a)),_flinGetError:(a)=>error_message(A(a)),_flinDebounce:debounce,_flinThrottle:throttle,_flinWsConnect:ws_connect,_flinWsSubscribe:ws_subscribe,_flinWsUnsubscribe:ws_unsubscribe,_flinOnEntityChange:on_entity_change,_flinUpdate:flush});
export{Duration,FlinFile,FlinMap,Money,Regex,Time,Tuple,Variant,View,add,attempt,cancel,compare,component,concat,debounce,decimals_of,div,error_message,expect_int,expect_number,expect_text,ge,get_index,gt,html,int_range,is_error,is_idle,is_in,is_loading,is_ready,le,lt,make_async,member,mod,mul,navigate,ne,neg,on_entity_change,points,position,pow,previous,range,received_async,retry,set_index,set_member,slice,slot,span,start_async,sub,throttle,use,wrong_type,ws_connect,ws_subscribe,ws_unsubscribe};
