import{FlinError,Row,add_int,basic_codecs,cannot_cross,codec_library,controls,eq,exact_keys,fail,hooks_of_calls,inner_text,int_result,is_int,is_object,leave_page,mod_int,must,neg_int,read_int,read_items,shared_socket,sub_int,to_text,touch,track,type_of,write_int}from"/_flin/runtime.js";
class I{constructor(value){this.value=value}
flin_same(g){return g instanceof this.constructor&&g.value===this.value}}
class Time extends I{get flin_kind(){return"time"}
o(){return new Date(this.value).toISOString()}}
class Duration extends I{get flin_kind(){return"duration"}
o(){let x=Math.abs(this.value);const w=[];for(const[p,size]of[["d",864e5],["h",36e5],["m",6e4],["s",1e3],["ms",1]]){const n=Math.floor(x/size);x-=n*size;if(n>0)w.push(n+p)}
return(this.value<0?"-":"")+(w.join(" ")||"0ms")}}
const P={0:"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",3:"BHD IQD JOD KWD LYD OMR TND",4:"CLF UYW"};function decimals_of(currency){for(const n in P)if(P[n].includes(currency))return+n;return 2}
class Money extends I{get flin_kind(){return"money"}
constructor(D,currency){super(D);this.currency=currency}
get D(){return this.value}
get amount(){return this.value/10**decimals_of(this.currency)}
ai(){const n=decimals_of(this.currency),J=String(Math.abs(this.value)).padStart(n+1,"0"),T=J.length-n;return(this.value<0?"-":"")+J.slice(0,T)+(n?"."+J.slice(T):"")}
flin_same(g){return super.flin_same(g)&&g.currency===this.currency}
o(){return this.ai()+" "+this.currency}}
class Regex{get flin_kind(){return"regex"}
constructor(source,flags){this.source=source;this.flags=flags;this.compiled=new RegExp(source,flags+"gu")}
o(){return`/${this.source}/${this.flags}`}}
class View{get flin_kind(){return"view"}
constructor(html){this.html=html}
o(){return this.html}}
class FlinFile{get flin_kind(){return"file"}
constructor(fields,blob=null){Object.assign(this,fields);this.blob=blob}
o(){return this.name??""}}
class Tuple{get flin_kind(){return"tuple"}
constructor(...items){this.items=items}
o(){return`(${this.items.map(inner_text).join(", ")})`}
V(g){return g instanceof Tuple&&eq(this.items,g.items)}}
class Variant{get flin_kind(){return this.type}
constructor(type,name,values=[],index=0){this.type=type;this.name=name;this.values=values;this.index=index}
flin_same(g){const{type,name,values}=this;return g instanceof Variant&&g.type===type&&g.name===name&&values.every((v,c)=>v===g.values[c])}
V(g){return g instanceof Variant&&g.type===this.type&&g.name===this.name&&eq(this.values,g.values)}
o(){return this.name+(this.values.length?`(${this.values.map(inner_text).join(", ")})`:"")}}
class FlinMap{get flin_kind(){return"map"}
constructor(au=[]){this.entries=new Map();for(const[key,value]of au)this.entries.set(r(key),[key,value])}
get size(){return track(this).entries.size}
has(key){return track(this).entries.has(r(key))}
get(key){return track(this).entries.get(r(key))?.[1]??null}
set(key,value){const X=r(key),U=this.entries.get(X);if(U===undefined)this.entries.set(X,[key,value]);else U[1]=value;touch(this)}
delete(key){if(this.entries.delete(r(key)))touch(this)}
assign(g){this.entries=new Map(g.entries);touch(this)}
o(){return`[${Array.from(this,([u,v])=>`${inner_text(u)}: ${inner_text(v)}`).join(", ")||":"}]`}
V(g){if(!(g instanceof FlinMap)||this.size!==g.size)return false;for(const[key,value]of this)if(!g.has(key)||!eq(value,g.get(key)))return false;return true}
aB(){return Array.from(this,([key])=>key)}
[Symbol.iterator](){return track(this).entries.values()}}
function r(key){if(typeof key==="string")return key[0]==="\0"?"\0"+key:key;if(typeof key!=="object"||key===null)return key;if(key instanceof Tuple)return"\0("+JSON.stringify(key.items.map((k)=>[typeof k,r(k)]));if(key instanceof Variant)return"\0e"+key.type+"."+key.name;return"\0t"+key.value}
function av(text){let at=0;function ao(t){const list=[];while(text[at]!==t){list.push(union());if(text[at]===",")at++}
at++;return list}
function ax(){if(text[at]==="["){at++;const k=union();if(text[at++]==="]")return["list",k];const value=union();at++;return["map",k,value]}
if(text[at]==="("){at++;const list=ao(")");if(!text.startsWith("->",at))return list.length===1?list[0]:["tuple",...list];at+=2;union();return["function"]}
const[name]=/^[\w$]+(<[^>]*>)?/.exec(text.slice(at))??[text.slice(at)];at+=name.length;return[name]}
function union(){const C=[];do{if(text[at]==="|")at++;let type=ax();for(;text[at]==="?";at++)if(type[0]!=="optional"&&type[0]!=="any"&&type[0]!=="none")type=["optional",type];C.push(type)}while(text[at]==="|");return C.length===1?C[0]:["union",...C]}
const type=union();if(at!==text.length||at===0)throw new Error(`bad type text: ${text}`);return type}
const ac=(af,aA)=>({read:(json,name)=>new af(read_int(json,name,aA)),write:(v)=>write_int(v.value)});const Q=(list)=>list.every((e)=>typeof e==="string");const money={read(json,name){const[D,currency]=read_items(json,name,"money",2);must(typeof currency==="string"&&/^[A-Z]{3}$/.test(currency),name,"money");return new Money(read_int(D,name,"money"),currency)},write:(v)=>[write_int(v.value),v.currency]};const regex={read(json,name){must(Q(read_items(json,name,"regex",2)),name,"regex");return new Regex(json[0],json[1])},write:(v)=>[v.source,v.flags]};const view={read:(json,name)=>(must(typeof json==="string",name,"view"),new View(json)),write:()=>cannot_cross("view")};const error={read(json,name){const{message,code="",fields={}}=exact_keys(json,["message","code","fields"],name,"error");must(typeof message==="string"&&typeof code==="string"&&is_object(fields)&&Q(Object.values(fields)),name,"error");return new FlinError(code,message,json.fields??null)},write:(v)=>({message:v.message,...(v.code&&{code:v.code}),...(v.fields&&{fields:v.fields})})};const file={read(json,name){exact_keys(json,["name","size","type","url"],name,"file");must(typeof json.url==="string",name,"file");for(const key in json)must(typeof json[key]===(key==="size"?"number":"string"),name,"file");return new FlinFile(json)},write:(v)=>(v.blob?{$f:v}:{url:v.url})};Object.assign(basic_codecs,{time:ac(Time,"time"),duration:ac(Duration,"duration"),money,regex,view,error,file});function aq(key,value){return{read(json,name){const map=new FlinMap();for(const as of read_items(json,name,"map")){const[u,v]=read_items(as,name,"map",2),aa=key.read(u,name);must(!map.has(aa),name,"map without a key twice");map.set(aa,value.read(v,name))}
return map},write:(v)=>Array.from(v,([u,e])=>[key.write(u),value.write(e)])}}
function az(L){return{read:(json,name)=>new Tuple(...read_items(json,name,"tuple",L.length).map((e,c)=>L[c].read(e,name))),write:(v)=>v.items.map((e,c)=>L[c].write(e))}}
function ak(type,H,j){const ar=Object.keys(H);return{read(json,name){const[z,...values]=Array.isArray(json)?json:[json];must(typeof z==="string"&&Object.hasOwn(H,z),name,type);const N=H[z];must(values.length===N.length&&Array.isArray(json)===N.length>0,name,type);return new Variant(type,z,values.map((v,c)=>j(N[c]).read(v,name)),ar.indexOf(z))},write:(v)=>(v.values.length>0?[v.name,...v.values.map((e,c)=>j(H[v.name][c]).write(e))]:v.name)}}
function an(A){return{read:(json,name)=>(must(typeof json==="string"&&Object.hasOwn(A,json),name,"function"),A[json]),write:(v)=>v.flin_name??cannot_cross("function")}}
codec_library.parse=av;codec_library.compose=(l,w,ab,j,G,A)=>{if(l==="map")return aq(...w.map(ab));if(l==="tuple")return az(w.map(ab));if(l==="function")return an(A);if(G[l]===undefined)throw new Error(`unknown type: ${l}`);return ak(l,G[l],j)};const ah=["time","duration","money","error","file","regex","view"];codec_library.read_tagged=(json,name,j,G)=>{exact_keys(json,["$t","v"],name,"a value");const{$t:i,v}=json;must(typeof i==="string"&&"v"in json,name,"a value");if(i==="map")return j("[any:any]").read(v,name);if(i==="tuple")return new Tuple(...read_items(v,name,"tuple").map((e)=>j("any").read(e,name)));must(ah.includes(i)||i==="function"||Object.hasOwn(G,i),name,"a value");return j(i==="function"?"()->any":i).read(v,name)};codec_library.write_tagged=(v,j)=>{const i=typeof v==="function"?"function":v.flin_kind;if(i==="map")return{$t:i,v:j("[any:any]").write(v)};if(i==="tuple")return{$t:i,v:v.items.map((e)=>j("any").write(e))};if(i===undefined)return cannot_cross("object");return{$t:i,v:j(i==="function"?"()->any":i).write(v)}};function wrong_type(al,value){return fail("R0006",`expected ${al}, found ${type_of(value)}`)}
function expect_number(value){return typeof value==="number"?value:wrong_type("number",value)}
function expect_int(value){return is_int(value)?value:wrong_type("int",value)}
function expect_text(value){return typeof value==="string"?value:wrong_type("text",value)}
const h=(value)=>typeof value==="number";const Z=(value)=>value===null||typeof value!=="object"||value.flin_same!==undefined;function F(a,b){if(a.currency!==b.currency)fail("R0017",`currencies differ: ${a.currency} and ${b.currency}`)}
function W(e){const low=Math.floor(e),x=e-low;return x>0.5||(x===0.5&&low%2!==0)?low+1:low}
const O=(e)=>int_result(Math.sign(e)*Math.floor(Math.abs(e)+0.5));function add(a,b){if(h(a)&&h(b))return a+b;if(typeof a==="string"||typeof b==="string"){if(Z(a)&&Z(b))return to_text(a)+to_text(b)}else if(a instanceof Money&&b instanceof Money){F(a,b);return new Money(add_int(a.value,b.value),a.currency)}else if(b instanceof Duration&&(a instanceof Time||a instanceof Duration)){return new a.constructor(add_int(a.value,b.value))}else if(a instanceof Duration&&b instanceof Time){return new Time(add_int(a.value,b.value))}
return wrong_type(type_of(a),b)}
function sub(a,b){if(h(a)&&h(b))return a-b;if(a instanceof Money&&b instanceof Money){F(a,b);return new Money(sub_int(a.value,b.value),a.currency)}
if(b instanceof Duration&&(a instanceof Time||a instanceof Duration))return new a.constructor(sub_int(a.value,b.value));if(a instanceof Time&&b instanceof Time)return new Duration(sub_int(a.value,b.value));return wrong_type(type_of(a),b)}
function mul(a,b){if(h(a)&&h(b))return a*b;if(h(a))return mul(b,a);if(h(b)&&a instanceof Money)return new Money(int_result(W(a.value*b)),a.currency);if(h(b)&&a instanceof Duration)return new Duration(O(a.value*b));return wrong_type("number",a)}
function div(a,b){if(h(a)&&h(b))return a/b;if(a instanceof Money&&b instanceof Money){F(a,b);return a.value/b.value}
if(a instanceof Duration&&b instanceof Duration)return a.value/b.value;if(h(b)&&a instanceof Money)return new Money(int_result(W(a.value/b)),a.currency);if(h(b)&&a instanceof Duration)return new Duration(O(a.value/b));return wrong_type("number",h(a)?b:a)}
function mod(a,b){return is_int(a)&&is_int(b)?mod_int(a,b):expect_number(a)%expect_number(b)}
function pow(a,b){if(expect_number(a)===1||(a===-1&&Math.abs(expect_number(b))===Infinity))return 1;return a**expect_number(b)}
function neg(a){if(h(a))return-a;if(a instanceof Duration)return new Duration(neg_int(a.value));return a instanceof Money?new Money(neg_int(a.value),a.currency):wrong_type("number",a)}
function span(n,size){return new Duration(O(n*size))}
const ne=(a,b)=>!eq(a,b);const ad=(p)=>(p>=0xe000?p-0x800:p>=0xd800?p+0x2000:p);function compare(a,b){if(h(a)&&h(b))return a<b?-1:a>b?1:a===b?0:NaN;if(typeof a==="string"&&typeof b==="string"){const t=Math.min(a.length,b.length);for(let c=0;c<t;c++){const e=a.charCodeAt(c),ae=b.charCodeAt(c);if(e!==ae)return ad(e)<ad(ae)?-1:1}
return Math.sign(a.length-b.length)}
if(a?.flin_same&&!(a instanceof Variant)&&a.constructor===b?.constructor){if(a instanceof Money)F(a,b);return Math.sign(a.value-b.value)}
return wrong_type(type_of(a),b)}
const lt=(a,b)=>compare(a,b)<0;const le=(a,b)=>compare(a,b)<=0;const gt=(a,b)=>compare(a,b)>0;const ge=(a,b)=>compare(a,b)>=0;const ag=/[\ud800-\udbff][\udc00-\udfff]/;function points(text){return ag.test(text)?Array.from(text):text}
function concat(a,b){return Array.isArray(a)&&Array.isArray(b)?[...track(a),...track(b)]:to_text(a)+to_text(b)}
function is_in(k,d){if(typeof d==="string")return d.includes(expect_text(k));if(Array.isArray(d))return track(d).some((e)=>eq(e,k));return d instanceof FlinMap?d.has(k):wrong_type("list",d)}
function position(d,c,l="list"){const at=expect_int(c)<0?c+d.length:c;return at>=0&&at<d.length?at:fail("R0011",`index ${c} is out of range (${l} of ${d.length})`)}
function get_index(d,c){if(typeof d==="string"){const list=points(d);return list[position(list,c,"text")]}
if(Array.isArray(d))return track(d)[position(d,c)]??null;if(d instanceof FlinMap)return d.get(c);return d===null?fail("R0007","none has no member '[]'"):wrong_type("list",d)}
function set_index(d,c,value){if(d instanceof FlinMap)d.set(c,value);else if(Array.isArray(d)){d[position(d,c)]=value;touch(d)}else wrong_type("list",d)}
function slice(d,ay=null,t=null,y=null){const B=typeof d==="string",list=B?points(d):Array.isArray(d)?track(d):wrong_type("list",d);const m=y??1,n=list.length;if(m===0)fail("R0014","invalid argument: step is 0");const low=m>0?0:-1,high=m>0?n:n-1;const S=(e,otherwise)=>(e===null?otherwise:Math.max(low,Math.min(high,e<0?e+n:e)));const from=S(ay,m>0?low:high),to=S(t,m>0?high:low);if(m===1)return B&&Array.isArray(list)?list.slice(from,to).join(""):to>from?list.slice(from,to):B?"":[];const s=[];for(let c=from;m>0?c<to:c>to;c+=m)s.push(list[c]);return B?s.join(""):s}
function range(a,b){return int_range(a,b+1)}
function int_range(a,b,y=1){if(y===0)fail("R0014","invalid argument: step is 0");const s=[];for(let c=a;y>0?c<b:c>b;c+=y)s.push(c);return s}
function member(value,name){if(value instanceof FlinMap)return value.get(name);if(value instanceof Tuple&&name in value.items)return value.items[name];if(value===null||value===undefined)return fail("R0007",`none has no member '${name}'`);if(typeof value==="object"&&(name in value||(value instanceof Row&&name in value.$fields)))return value[name]??null;return fail("R0008",`${type_of(value)} has no member '${name}'`)}
function set_member(value,name,to){if(value instanceof FlinMap)value.set(name,to);else if(value instanceof Row&&name in value.$fields)value[name]=to;else if(value===null)fail("R0007",`none has no member '${name}'`);else fail("R0008",`${type_of(value)} has no member '${name}'`)}
function attempt(am){try{return am()}catch(error){return error instanceof FlinError?error:new FlinError("R0501",String(error.message??error))}}
controls.file={read(q){const files=Array.from(q.files,(f)=>new FlinFile({name:f.name,size:f.size,type:f.type,url:""},f));return q.multiple?files:(files[0]??null)},show(q,value){if(value===null||value.length===0)q.value=""},touched:(q)=>q.files?.length>0,first(){}};hooks_of_calls.body=(message)=>{const files=[];const json=JSON.stringify(message,(key,value)=>(value?.$f instanceof FlinFile?{$f:files.push(value.$f.blob)-1}:value));if(files.length===0)return json;const K=new FormData();K.append("call",json);files.forEach((file,c)=>K.append(`f${c}`,file));return K};const Y=(M)=>Array.from(M.childNodes,(aj)=>document.importNode(aj,true));async function navigate(url,aw=false){const R=await fetch(url,{headers:{accept:"text/html"}});const E=new DOMParser().parseFromString(await R.text(),"text/html");const script=E.querySelector('script[type="module"][src^="/_flin/page/"]');if(script===null||!E.getElementById("flin-state"))return void location.assign(url);const ap=await import(new URL(script.getAttribute("src"),location.href).href);leave_page();document.head.replaceChildren(...Y(E.head).filter((M)=>M.localName!=="script"));document.body.replaceChildren(...Y(E.body));history[aw?"replaceState":"pushState"](null,"",R.url||url);const view=ap.default.show();if(shared_socket().is_open)view.adopt()}
export{Duration,FlinFile,FlinMap,Money,Regex,Time,Tuple,Variant,View,add,attempt,compare,concat,decimals_of,div,expect_int,expect_number,expect_text,ge,get_index,gt,int_range,is_in,le,lt,member,mod,mul,navigate,ne,neg,points,position,pow,range,set_index,set_member,slice,span,sub,wrong_type};
