const B=1,s=2,ay=4,ax=8,R=16,bc=32;const cb=2**40;const ce=100;let q=null;let k=null;let T=0;let Y=0;let dg=0;let ar=[];let aF=false;let a6=false;const hooks={schedule:null,report:(error)=>console.error(error),endless:()=>new Error("updates do not end")};function ao(value,fn,flags){return{value,fn,flags,id:++Y,error:null,run:0,deps:null,tail:null,subs:null,a9:null,owned:null}}
function same(h,b){return h===b||(h!==h&&b!==b)||(h!==null&&typeof h==="object"&&h.flin_same!==undefined&&h.flin_same(b))}
function bx(dep,sub){const last=sub.tail;if(last!==null&&last.dep===dep)return;const next=last===null?sub.deps:last.M;if(next!==null&&next.dep===dep){next.run=sub.run;sub.tail=next;return}
const ab=dep.a9;if(ab!==null&&ab.sub===sub&&ab.run===sub.run)return;const Z={dep,sub,run:sub.run,M:next,ae:ab,E:null};sub.tail=Z;if(last===null)sub.deps=Z;else last.M=Z;dep.a9=Z;if(ab===null)dep.subs=Z;else ab.E=Z}
function bW(first){for(let j=first;j!==null;j=j.M){const{dep,ae,E}=j;if(E===null)dep.a9=ae;else E.ae=ae;if(ae===null)dep.subs=E;else ae.E=E}}
function bT(a){const F=q;q=a;a.tail=null;a.run=++dg;a.flags=(a.flags&~(B|s))|ay;try{return a.fn()}finally{q=F;a.flags&=~ay;const bM=a.tail===null?a.deps:a.tail.M;if(bM!==null){if(a.tail===null)a.deps=null;else a.tail.M=null;bW(bM)}}}
function c3(dl){let am=s;const af=[dl];while(af.length>0){for(let j=af.pop().subs;j!==null;j=j.E){const sub=j.sub,aL=sub.flags&(B|s);sub.flags|=am;if(sub.flags&bc)cG(sub);else if(!aL)af.push(sub)}
am=B}}
function cG(a){if(a.flags&(ax|R))return;a.flags|=ax;ar.push(a)}
function J(a){c3(a);if(T===0)a8()}
function a4(a){const u=a.value,c8=a.error;a.error=null;const F=k;k=null;try{a.value=bT(a)}catch(error){a.error=error}finally{k=F}
if(a.error===c8&&same(u,a.value))return;for(let j=a.subs;j!==null;j=j.E)if(j.sub.flags&B)j.sub.flags|=s}
function bX(a){const af=[];let sub=a,j=a.deps;for(;;){if(j===null||sub.flags&s){if(sub===a)break;if(sub.flags&s)a4(sub);else sub.flags&=~B;const up=af.pop();sub=up.sub;j=up.M;continue}
const dep=j.dep;if(dep.flags&s){a4(dep);j=j.M}else if(dep.flags&B){af.push(j);sub=dep;j=dep.deps}else{j=j.M}}
if(!(a.flags&s))a.flags&=~B}
function read(a){if(a.fn!==null&&!(a.flags&R)){if(a.flags&ay)throw new Error("a value depends on itself");if((a.flags&(B|s))===B)bX(a);if(a.flags&s)a4(a)}
if(q!==null)bx(a,q);if(a.error!==null)throw a.error;return a.value}
function z(au){if(k!==null)(k.owned??=[]).push(au)}
function aS(a){while(a.owned!==null){const list=a.owned;a.owned=null;const a1=q,a2=k;q=k=null;while(list.length>0){const au=list.pop();if(typeof au==="function")cR(au);else aC(au)}
q=a1;k=a2}}
function aC(a){if(a.flags&R)return;a.flags|=R;aS(a);if(a.flags&ay)return;bE(a)}
function bE(a){bW(a.deps);a.deps=a.tail=null}
function cR(fn){try{fn()}catch(error){hooks.report(error)}}
function bF(a){aS(a);const F=k;k=a;T++;try{bT(a)}catch(error){hooks.report(error)}finally{T--;k=F}
if(a.flags&R){aS(a);bE(a)}}
function a8(){if(aF||ar.length===0)return;if(hooks.schedule===null)flush();else if(!a6){a6=true;hooks.schedule(flush)}}
const ct=(h,b)=>h.id-b.id;function flush(){if(aF)return;aF=true;a6=false;try{for(let b0=0;ar.length>0;b0++){const bZ=ar.sort(ct);ar=[];if(b0===ce){for(const a of bZ)a.flags&=~ax;hooks.report(hooks.endless());break}
for(const a of bZ){a.flags&=~ax;if(a.flags&R)continue;if((a.flags&(B|s))===B)bX(a);if(a.flags&s)bF(a)}}}finally{aF=false}}
function signal(value){const a=ao(value,null,0);const get=()=>read(a);get.peek=()=>a.value;get.set=(next)=>{if(same(a.value,next))return;a.value=next;J(a)};return get}
function computed(fn){const a=ao(undefined,fn,s);z(a);const get=()=>read(a);get.dispose=()=>aC(a);return get}
function effect(fn,aI=false){const a=ao(undefined,fn,bc);if(aI)a.id+=cb;z(a);bF(a);if(T===0)a8();return()=>aC(a)}
function scope(fn,cB=false){const a=ao(undefined,null,0);if(!cB)z(a);const a2=k,a1=q;k=a;q=null;try{return[fn(),()=>aC(a)]}finally{k=a2;q=a1}}
function on_cleanup(fn){z(fn)}
function batch(fn){T++;try{return fn()}finally{if(--T===0)a8()}}
function untracked(fn){const F=q;q=null;try{return fn()}finally{q=F}}
const a0=new WeakMap();function track(object,key=""){if(q===null)return object;let o=a0.get(object);if(o===undefined)a0.set(object,(o=new Map()));let a=o.get(key);if(a===undefined)o.set(key,(a=ao(0,null,0)));bx(a,q);return object}
function touch(object,key=""){const a=a0.get(object)?.get(key);if(a!==undefined)J(a);return object}
const aN={state:"idle"};function make_async(cell){const status=signal(aN),set=cell.set;const aK=(value,next)=>batch(()=>{set(value);status.set(next)});cell.async={status,previous:null,before:null,turn:0,operation:null,loading:()=>aK(null,{state:"loading"}),idle:(value)=>aK(value,aN),success(value){this.previous=value;aK(value,{state:"success"})},error:(code,message)=>aK(null,{state:"error",code,message})};cell.set=(value)=>{cell.async.turn++;cell.async.operation=null;cell.async.idle(value)};return cell}
function start_async(cell,operation){const r=cell.async,turn=++r.turn;r.before=[cell.peek(),r.status.peek()];r.operation=operation;r.loading();return Promise.resolve().then(operation).then((value)=>turn===r.turn&&r.success(value??null),(error)=>turn===r.turn&&r.error(error?.code??"",String(error?.message??error)),)}
function received_async(cell,type,[state,...A]){if(state==="success"||state==="idle")cell.async[state](type.read(A[0]??null));else cell.async[state](...A)}
const ag=(cell)=>cell.async?.status()??aN;const is_loading=(cell)=>ag(cell).state==="loading";const is_error=(cell)=>ag(cell).state==="error";const is_idle=(cell)=>ag(cell).state==="idle";const is_ready=(cell)=>ag(cell).state==="success";const error_message=(cell)=>ag(cell).message??"";const previous=(cell)=>(ag(cell),cell.async?.previous??null);function retry(cell){if(cell.remote)cell.remote("retry");else if(cell.async?.operation)start_async(cell,cell.async.operation)}
function cancel(cell){if(cell.remote)return cell.remote("cancel");const r=cell.async;if(!r?.before||!is_loading(cell))return;r.turn++;const[value,status]=r.before;r.idle(value);r.status.set(status)}
const be=1000,ca=30000,b9=0.2,cg=5000;const b5=4001;class cm{constructor(on,dev=false){Object.assign(this,{on,dev,socket:null,tries:0,timer:0,pong:0,ended:false,lost:false});this.back=()=>this.wake();addEventListener("online",this.back);document.addEventListener("visibilitychange",this.back)}
get is_open(){return this.socket?.readyState===1}
connect(){if(this.ended||this.socket!==null)return;clearTimeout(this.timer);const socket=(this.socket=new WebSocket(`${location.protocol==="https:"?"wss:":"ws:"}//${location.host}/_ws`));socket.onopen=()=>{this.tries=0;this.show("connected");this.on.open()};socket.onmessage=({data})=>{const message=JSON.parse(data);if(message.type==="pong")this.pong=clearTimeout(this.pong)??0;else this.on.message(message)};socket.onclose=({code})=>socket===this.socket&&this.closed(code)}
closed(code){this.socket=null;this.pong=clearTimeout(this.pong)??0;this.on.close?.();if(code===b5)this.end();if(this.ended)return;this.show("reconnecting");const cA=Math.min(be*2**this.tries++,ca);this.timer=setTimeout(()=>this.connect(),this.dev?be:cA*(1+b9*Math.random()))}
wake(){if(document.visibilityState==="hidden"||this.ended)return;if(this.socket===null)return void(this.lost&&this.connect());if(!this.is_open||this.pong!==0)return;this.send({action:"ping"});this.pong=setTimeout(()=>this.drop(),cg)}
drop(){const socket=this.socket;this.closed(1006);socket?.close()}
send(message){if(!this.is_open)return false;this.socket.send(JSON.stringify(message));return true}
end(){this.ended=true;clearTimeout(this.timer);this.socket?.close();this.show("offline")}
show(state){this.lost=state==="reconnecting";const root=document.documentElement;if(root.getAttribute("data-flin-connection")===state)return;root.setAttribute("data-flin-connection",state);root.dispatchEvent(new CustomEvent("flin:connection",{detail:state,bubbles:true}))}}
let socket=null;let aJ=()=>null;const subscribed=new Map();const an=new Map();function di(K){aJ=K}
function shared_socket(dev=false){return(socket??=new cm({open:opened,message:P,close:()=>aJ()?.lost()},dev))}
function bP(type){const since=subscribed.get(type);return{action:"subscribe",type,...(since!==null&&{since})}}
function opened(){aJ()?.adopt();for(const type of subscribed.keys())socket.send(bP(type))}
function P(message){const{type,L,seq}=message;if(type==="subscribed"&&subscribed.has(L)){if(subscribed.get(L)===null||!message.recovered)subscribed.set(L,seq)}else if(type==="unsubscribed")subscribed.delete(L);else if(type==="entity_change")cH(message);else aJ()?.receive(message)}
function cH({L,change,entity,seq}){subscribed.set(L,seq);for(const fn of[...(an.get(L)??[])])fn({type:change,change,L,entity,seq})}
function b3(){shared_socket().connect()}
function b4(type){b3();if(subscribed.has(type))return;subscribed.set(type,null);socket.send(bP(type))}
function dy(type){if(subscribed.delete(type))shared_socket().send({action:"unsubscribe",type})}
function on_entity_change(type,fn){if(!an.has(type))an.set(type,new Set());an.get(type).add(fn);b4(type);return()=>an.get(type).delete(fn)}
const H=new Map();function debounce(key,fn,aa=300){clearTimeout(H.get(key));H.set(key,setTimeout(()=>{H.delete(key);fn()},aa))}
function throttle(key,fn,aa=300){const bI=H.get(key);if(bI!==undefined)return void(bI.last=fn);const i={last:null};H.set(key,i);fn();i.timer=setTimeout(()=>{H.delete(key);if(i.last!==null)throttle(key,i.last,aa)},aa)}
function cO(key){clearTimeout(H.get(key)?.timer??H.get(key));H.delete(key)}
const bf={enter:"Enter",escape:"Escape",tab:"Tab",space:" ",up:"ArrowUp",down:"ArrowDown",left:"ArrowLeft",right:"ArrowRight",delete:"Delete"};const bb={debounce,throttle};function a5(fn,event){batch(()=>untracked(()=>{try{let result=fn(event);if(typeof result==="function")result=result(event);result?.then?.(null,hooks.report)}catch(error){hooks.report(error)}}),)}
function c4(modifier,next){const[name,aa]=Array.isArray(modifier)?modifier:[modifier];if(name in bb){const key={};on_cleanup(()=>cO(key));return(event)=>bb[name](key,()=>next(event),aa)}
if(name in bf)return(event)=>event.key===bf[name]&&next(event);let bC=false;switch(name){case"prevent":return(event)=>(event.preventDefault(),next(event));case"stop":return(event)=>(event.stopPropagation(),next(event));case"self":return(event)=>event.target===event.currentTarget&&next(event);case"once":return(event)=>!bC&&((bC=true),next(event));default:return(event)=>event[name+"Key"]&&next(event)}}
function cV(element,type,c5,fn){const cW=c5.reduceRight((next,modifier)=>c4(modifier,next),(event)=>a5(fn,event));element.addEventListener(type,cW)}
class FlinError extends Error{constructor(code,message,fields=null){super(message);this.code=code;this.fields=fields}
get flin_kind(){return"error"}}
function fail(code,message){throw new FlinError(code,message)}
class Row{constructor(values,version=0){this.$values=values;this.$version=version;this.$base=version;this.$edits=new Map();this.$json={}}
get id(){return this.$values.id||(track(this,"id"),0)}
get version(){return track(this,"version").$version}}
let bs=0;function note_edit(row,e){if(row.$edits.size===0)row.$base=row.$version;row.$edits.set(e,++bs)}
function edit_clock(){return bs}
function row_class(name,fields){const Y=class extends Row{};Y.prototype.$type=name;Y.prototype.$fields=fields;for(const e in fields){if(e==="id"||e==="version")continue;Object.defineProperty(Y.prototype,e,{get(){return track(this,e).$values[e]??null},set(value){if(this.$values[e]===value)return;this.$values[e]=value;note_edit(this,e);touch(this,e)}})}
return Y}
const is_int=Number.isSafeInteger;function int_result(value){return is_int(value)?value+0:fail("R0010","integer overflow")}
const add_int=(h,b)=>int_result(h+b);const sub_int=(h,b)=>int_result(h-b);const mul_int=(h,b)=>int_result(h*b);const neg_int=(h)=>0-h;function mod_int(h,b){return b===0?fail("R0009","division by zero"):(h%b)+0}
function eq(h,b){if(h===b)return true;if(h===null||b===null||typeof h!=="object"||typeof b!=="object")return(h??null)===(b??null);if(h.cL)return h.cL(b);if(h.flin_same)return h.flin_same(b);if(h instanceof Row)return b instanceof Row&&h.$type===b.$type&&h.id!==0&&h.id===b.id;return Array.isArray(h)&&Array.isArray(b)&&track(h).length===track(b).length&&h.every((item,g)=>eq(item,b[g]))}
function truthy(value){return!!value}
function items_of(I){if(Array.isArray(I))return track(I).slice();if(typeof I==="string")return Array.from(I);if(I?.aE)return I.aE();return I===null||I===undefined?[]:fail("R0018",`cannot loop over ${type_of(I)}`)}
function type_of(value){if(value===null||value===undefined)return"none";if(typeof value==="string")return"text";if(typeof value==="boolean")return"bool";if(typeof value==="number")return is_int(value)?"int":"number";if(Array.isArray(value))return"list";return value instanceof Row?value.$type:(value.flin_kind??typeof value)}
function aY(row,json,codec){const cC=codec.aB(row),aH=codec.ap(row.$type,{id:row.id,...json},row.$type);if(json.version!==undefined&&row.$version!==json.version){row.$version=json.version;touch(row,"version")}
for(const e in aH.$values){const now=row.$values[e],next=aH.$values[e],bV=eq(now??null,next);if(cC.includes(e)&&!bV)continue;row.$edits.delete(e);if(aH.$json[e]!==undefined)row.$json[e]=aH.$json[e];if(bV)continue;row.$values[e]=next;touch(row,e)}
return row}
function cE(row,clock,codec){for(const[e,when]of row.$edits)if(when<=clock)row.$edits.delete(e);for(const e of codec.aB(row))if(!row.$edits.has(e))delete row.$json[e]}
{edit_clock};function bv(G,bj,row){G.splice(bj===null?0:G.findIndex((df)=>df.id===bj)+1,0,row)}
class cd{constructor(type,codec,json){this.codec=codec;this.type=codec(type);this.need=this.have=0;this.get=signal(null);if(json!==undefined)this.get.set(this.type.read(json))}
replace(json){const{element}=this.type,u=this.get.peek();if(element===null){const next=u instanceof Row&&json?.id===u.id?aY(u,json,this.codec):this.type.read(json);if(!eq(u,next))this.get.set(next);return}
const m=new Map((u??[]).map((row)=>[row.id,row]));const next=json.map((row)=>(m.has(row.id)?aY(m.get(row.id),row,this.codec):this.codec.ap(element,row,element)));if(u===null||u.length!==next.length||next.some((row,g)=>row!==u[g]))this.get.set(next)}
apply(aq){for(const op of aq){if(op[0]==="=")this.replace(op[1]);else this.cv(op)}}
cv([op,key,aT]){const G=this.get.peek().slice(),d=G.findIndex((row)=>row.id===key);if(op==="+")bv(G,key,this.codec.ap(this.type.element,aT,this.type.element));else if(d<0)return;else if(op==="~")return void aY(G[d],aT,this.codec);else{const[row]=G.splice(d,1);if(op===">")bv(G,aT,row)}
this.get.set(G)}}
function cI(event){const target=event.target??{},form=event.currentTarget?.localName==="form"?event.currentTarget:target.form;const of={id:target.id??"",name:target.name??"",value:target.value??"",checked:!!target.checked};const fields=form?Array.from(new FormData(form)).filter(([name,v])=>typeof v==="string"&&!name.startsWith("_flin_")):[];return{type:event.type,value:of.value,checked:of.checked,key:event.key??null,x:event.clientX??0,y:event.clientY??0,form:fields,target:of}}
function dr(t,P){if(Array.isArray(t)){t.splice(0,t.length,...P);touch(t)}else if(t?.aE)t.assign(P);else if(t instanceof Row){t.$edits.clear();t.$version=P.$version;for(const e in P.$values){t.$values[e]=P.$values[e];touch(t,e)}}}
const hooks_of_calls={body:(message)=>JSON.stringify(message)};class b6{constructor(view){this.view=view;this.waiting=new Map();this.bw=0;this.aW=0}
call(p,row,inputs,event){const{in:types=[],out=[],post=false,event:dv}=p.module.calls[row],{codec}=this.view;const message={action:"call",id:++this.bw,handler:row};if(types.length>0)message.in=types.map((type,g)=>codec(type).write(inputs[g]??null));if(p.path!=="")message.scope=p.path;if(dv&&event)message.event=cI(event);return new Promise((resolve,reject)=>{this.waiting.set(message.id,{p,message,out,post,inputs,resolve,reject,sent:false,clock:edit_clock()});this.a7()})}
a7(){if(!this.view.adopted)return;let before=0;for(const call of this.waiting.values()){if(!call.sent){if(call.post&&before>0)return;call.sent=true;if(call.post)this.post(call);else shared_socket().send(call.message)}
if(call.post)return;before++}}
resume(){for(const call of this.waiting.values()){if(!call.sent)continue;call.message.retry=true;call.sent=false}
this.a7()}
async post(call){const body=hooks_of_calls.body({token:this.view.token,...call.message});const headers=typeof body==="string"?{"content-type":"application/json"}:{};try{const bl=await fetch("/_action",{method:"POST",headers,body});if(bl.status===204)return;const result=await bl.json();batch(()=>this.result(result))}catch{call.sent=false;call.message.retry=true}}
result(message){const{view}=this,call=this.waiting.get(message.id);view.seq=Math.max(view.seq,message.seq??0);if(call)this.cD(call,message);view.aP(message.live??[]);this.a7()}
cD(call,{id,out=[],value,token,error}){this.waiting.delete(id);this.aW=Math.max(this.aW,id);if(token)this.view.token=token;if(error)return call.reject(new FlinError(error.code,error.message,error.fields??null));for(const input of call.inputs)if(input instanceof Row)cE(input,call.clock,this.view.codec);for(const[g,json]of out)this.assign(call,call.out[g],json);call.resolve(value===undefined?null:this.view.codec("any").read(value))}
assign(call,[l,name,type],json){if(l<2)return this.view.cq(l===0?name:call.p.address(name),json,call.message.id);const t=l===2?call.p.prop(name)():call.inputs[name];dr(t,this.view.codec(type).read(json))}
end(){this.waiting.clear()}}
const b7={"\\":"\\\\",'"':'\\"',"\n":"\\n","\t":"\\t","\r":"\\r","\0":"\\0"};function quoted(text){return'"'+text.replace(/[\\"\n\t\r\0]/g,(c)=>b7[c])+'"'}
function to_text(value){return typeof value==="string"?value:value===null||value===undefined?"":inspect(value)}
function inspect(value){switch(typeof value){case"string":return value;case"number":return String(value+0);case"boolean":return String(value);case"function":return`<fn ${value.flin_name??(value.name||"anonymous")}>`;case"undefined":return"none"}
if(value===null)return"none";if(Array.isArray(value))return`[${track(value).map(inner_text).join(", ")}]`;if(value instanceof Row)return`${value.$type}#${value.id}`;if(value instanceof FlinError)return value.message;return value.cM?value.cM():String(value)}
function inner_text(value){return typeof value==="string"?quoted(value):inspect(value)}
const co=new Set(["href","src","action","formaction","poster","cite","data","ping","background","xlink:href"]);const cl=/^(https?|mailto|tel|sms|blob):/i;const b8=/^data:image\/(png|jpeg|gif|webp|avif)(;|,|$)/i;const cn=/[<{}\\]|url\(|expression\(|@import/i;const ch=new Set(["checked","selected","value","muted","indeterminate"]);function safe_url(name,url){const S=url.replace(/[\0-\x20\x7f-\x9f]/g,"");if(!/^[a-z][a-z0-9+.-]*:/i.test(S)||cl.test(S))return url;return/^(src|srcset|poster)$/.test(name)&&b8.test(S)?url:"about:blank#blocked"}
function bJ(text,du=cn){if(!du.test(text))return text;console.warn("FLIN: unsafe style left out:",text);return""}
function style_part(value){return bJ(to_text(value),/[<{}\\;]|url\(|expression\(|@import/i)}
function cx(value){if(Array.isArray(value))return track(value).filter(Boolean).map(to_text).join(" ");return value?.aE?Array.from(value).filter(([,on])=>on).map(([name])=>to_text(name)).join(" "):to_text(value)}
function dq(value){if(!value?.aE)return bJ(to_text(value));return Array.from(value,([name,v])=>`${to_text(name)}: ${style_part(v)}`).join("; ")}
function attribute_text(name,value){if(value===null||value===undefined)return null;if(typeof value==="boolean")return/^(aria|data)-/.test(name)?String(value):value?"":null;if(name==="class")return cx(value);if(name==="style")return dq(value);const text=to_text(value);if(name==="srcset")return text.split(",").map((dc)=>safe_url(name,dc)).join(",");return co.has(name)?safe_url(name,text):text}
function set_attribute(element,name,value){const text=attribute_text(name,value);if(text===null)element.removeAttribute(name);else if(element.getAttribute(name)!==text)element.setAttribute(name,text);if(ch.has(name)&&name in element){const now=name==="value"?(text??""):text!==null;if(element[name]!==now)element[name]=now}}
const cf={int:/^[+-]?\d+$/,number:/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i};function aR(text,as){if(as===undefined)return text;const S=text.trim(),number=Number(S);return cf[as].test(S)&&(as!=="int"||Number.isSafeInteger(number))?number+0:undefined}
const bR={read:(f,value,as)=>aR(f.value,as),show(f,value,as){const text=to_text(value);if(f.value!==text&&!(as!==undefined&&eq(aR(f.value,as),value)))f.value=text},touched:(f)=>f.value!==f.defaultValue,first(f,value){if(f.localName==="input")f.setAttribute("value",to_text(value))}};const O=(ac,as)=>aR(ac.value,as)??ac.value;const bY=(f)=>f.checked!==f.defaultChecked;const by=(f)=>f.checked&&f.setAttribute("checked","");const controls={checkbox:{read(f,value,as){if(!Array.isArray(value))return f.checked;const z=O(f,as),A=value.filter((x)=>!eq(x,z));return f.checked?[...A,z]:A},show:(f,value,as)=>(f.checked=Array.isArray(value)?value.some((x)=>eq(x,O(f,as))):!!value),touched:bY,first:by},radio:{read:(f,value,as)=>(f.checked?O(f,as):undefined),show:(f,value,as)=>(f.checked=eq(O(f,as),value)),touched:(f)=>f.checked&&bY(f),first:by},select:{read(f,value,as){if(!f.multiple)return O(f,as);return Array.from(f.options).filter((N)=>N.selected).map((N)=>O(N,as))},show(f,value,as){for(const ac of f.options){const z=O(ac,as),on=Array.isArray(value)?value.some((x)=>eq(x,z)):to_text(z)===to_text(value);if(ac.selected!==on)ac.selected=on}},touched(f){const options=Array.from(f.options);return options.some((N)=>N.defaultSelected)&&options.some((N)=>N.selected!==N.defaultSelected)},first(){}}};function bind(f,adopting,path,get,set,{as,lazy}={}){const l=f.localName==="select"?"select":f.getAttribute("type");const ak=controls[l]??bR;const bQ=()=>batch(()=>{const value=ak.read(f,untracked(get),as);if(value!==undefined)set(value)});if(!adopting)f.setAttribute("data-flin-bind",path);if(adopting&&ak.touched(f))bQ();effect(()=>ak.show(f,get(),as));if(!adopting)untracked(()=>ak.first(f,get()));f.addEventListener(lazy||ak!==bR?"change":"input",bQ)}
let path="";let V=null;const cz=()=>path;const br=()=>V;function at(d,k,fn){const F=path,db=V;path=d;V=k;try{return fn()}finally{path=F;V=db}}
const bN=(step)=>(path===""?step:`${path}/${step}`);function cS(step,fn){return at(bN(step),V,fn)}
function al(fn){const d=path,k=V;return(...args)=>at(d,k,()=>fn(...args))}
const HTML="http://www.w3.org/1999/xhtml",SVG="http://www.w3.org/2000/svg",MATH="http://www.w3.org/1998/Math/MathML";const bd=1,bi=3,ba=8;class ai extends Error{}
class aw{constructor(parent,next,adopting,space=parent.namespaceURI){Object.assign(this,{parent,next,adopting,space,first:null,last:null})}
took(a){this.first??=a;this.last=a;return a}
adopt(test,cJ){const a=this.next;if(a===null||!test(a))throw new ai(`expected ${cJ}, found ${a===null?"the end":a.nodeName}`);this.next=a.nextSibling;return this.took(a)}
insert(a){this.parent.insertBefore(a,this.next);return this.took(a)}
comment(data){if(this.adopting)return this.adopt((n)=>n.nodeType===ba&&n.data===data,`<!--${data}-->`);return this.insert(document.createComment(data))}}
function cY(error){if(!(error instanceof ai))throw error;if(globalThis.$flin?.dev)console.warn("FLIN: the page differs from what its program calls for:",error.message)}
function dn(data,d){if(d.adopting)d.adopt((n)=>n.nodeType===bi&&n.data===data,`text "${data}"`);else d.insert(document.createTextNode(data))}
function cp(build){build.W=true;return build}
function text(fn){return cp((d)=>{let a=d.next;if(d.adopting&&a?.nodeType===bi){d.next=a.nextSibling;d.took(a)}else a=d.insert(document.createTextNode(""));effect(()=>{const data=to_text(fn());if(a.data!==data)a.data=data})})}
const W=(a)=>typeof a==="string"||a?.W===true;function ah(o,d,bm=false){for(const a of o){if(W(a)&&bm)d.comment(",");if(typeof a==="string")dn(a,d);else a(d);bm=W(a)}}
const cT=(a)=>a?.nodeType===bd&&a.localName==="input"&&a.getAttribute("type")==="hidden"&&(a.getAttribute("name")??"").startsWith("_flin_");function c1(C,d){const space=C==="svg"?SVG:C==="math"?MATH:d.space??HTML;return space===HTML?document.createElement(C):document.createElementNS(space,C)}
function dm(element,adopting,fn){let before=[];effect(()=>{const now=[];for(const[name,value]of fn()??[]){if(/^on/i.test(name)||typeof value==="function")console.warn("FLIN: an event in a spread is left out:",name);else if(!adopting)set_attribute(element,name,value);now.push(name)}
for(const name of before)if(!now.includes(name))element.removeAttribute(name);before=now;adopting=false})}
function cr(element,adopting,[name,...A]){const[value]=A;if(name==="on")return cV(element,...A);if(name==="...")return dm(element,adopting,value);if(typeof value==="string")return adopting||element.setAttribute(name,value);effect(()=>{const now=value();if(!adopting)set_attribute(element,name,now);adopting=false})}
function el(C,cs,...o){return(d)=>{const{adopting}=d;const element=adopting?d.adopt((n)=>n.nodeType===bd&&n.localName===C.toLowerCase(),`<${C}>`):c1(C,d);const aI=[];for(const i of cs){if(i[0]!=="bind")cr(element,adopting,i);else if(C==="select")aI.push(i);else bind(element,adopting,...i.slice(1))}
const content=element.localName==="template"?element.content:element;const U=new aw(content,content.firstChild,adopting,C==="foreignObject"?HTML:element.namespaceURI);while(adopting&&cT(U.next))U.next=U.next.nextSibling;ah(o,U);if(adopting&&U.next!==null)throw new ai(`expected the end of <${C}>, found ${U.next.nodeName}`);for(const i of aI)bind(element,adopting,...i.slice(1));if(!adopting)d.insert(element)}}
function clear(first,end){while(first!==end){const next=first.nextSibling;first.remove();first=next}}
function cF(start){let am=1,a=start;while(am>0){a=a.nextSibling;if(a===null)throw new ai("expected <!--]-->, found the end");if(a.nodeType===ba)am+=a.data==="["?1:a.data==="]"?-1:0}
return a}
function bU(parent,next,adopting,end,build){return scope(()=>{const d=new aw(parent,next,adopting);try{build(d);if(adopting&&d.next!==end)throw new ai(`expected the end, found ${d.next?.nodeName}`)}catch(error){return error}
return null})}
function aD(parent,first,end,adopting,build){if(adopting){const[error,dispose]=bU(parent,first,true,end,build);if(error===null)return dispose;cY(error);dispose();clear(first,end)}
const[error,dispose]=bU(parent,end,false,end,build);if(error!==null)throw error;return dispose}
function show_root(parent,first,end,o){return aD(parent,first,end,true,(d)=>ah(o(),d))}
function az(content){return(d)=>{const start=d.comment("[");const end=d.adopting?cF(start):d.comment("]");content(start,end,d.adopting);if(d.adopting)d.next=d.took(end).nextSibling}}
function when(bn){return az((start,end,adopting)=>{const cw=computed(()=>bn.findIndex(([bq])=>bq===null||bq()));const build=al((index,d)=>index>=0&&ah(bn[index][1](),d));effect(()=>{const index=cw();if(!adopting)clear(start.nextSibling,end);aD(start.parentNode,start.nextSibling,end,adopting,(d)=>build(index,d));adopting=false})})}
function bt(value){if(Array.isArray(value))return track(value).map(bt).join("");if(value?.flin_kind==="view")return value.html;return value===false?"":to_text(value).replace(/[&<>"']/g,(c)=>`&#${c.charCodeAt(0)};`)}
function html(fn){return az((start,end,adopting)=>{effect(()=>{const now=bt(fn());if(!adopting){clear(start.nextSibling,end);const template=document.createElement("template");template.innerHTML=now;end.parentNode.insertBefore(template.content,end)}
adopting=false})})}
function fixed_block(o){return az((start,end,adopting)=>void aD(start.parentNode,start.nextSibling,end,adopting,(d)=>ah(o(),d)))}
function dp(ad){const Q=[],before=[];ad.forEach((position,g)=>{if(position<0)return;let X=0,aU=Q.length;while(X<aU){const aZ=(X+aU)>>1;if(ad[Q[aZ]]<position)X=aZ+1;else aU=aZ}
before[g]=X>0?Q[X-1]:-1;Q[X]=g});const aM=new Set();for(let g=Q.length>0?Q[Q.length-1]:-1;g>=0;g=before[g])aM.add(g);return aM}
function cU(items,key){const aL=new Set();return items.map((item,g)=>{let text=key?to_text(key(item,g)):String(g);if(aL.has(text)){console.warn("FLIN: a key appears twice in a list:",text);text=`${text}#${g}`}
aL.add(text);return text})}
function kept(fn){let error=null;const[,dispose]=scope(()=>{try{fn()}catch(cu){error=cu}},true);if(error===null)return dispose;dispose();throw error}
class cc{constructor(row,render,start,end){Object.assign(this,{row,render,start,end,items:[],aj:null});this.enter=al((step,fn)=>cS(step,fn))}
make(key,value,g,d){const item=signal(value),index=signal(g);d.first=d.last=null;const dispose=kept(()=>this.enter(`b${this.row}:${encodeURIComponent(key)}`,()=>{const o=this.render(item,index);ah(o,d,g>0&&W(o[0])&&W(o[o.length-1]))}),);return{key,item,index,dispose,first:d.first,last:d.last}}
drop({dispose,first,last}){dispose();if(first!==null)clear(first,last.nextSibling)}
bp(){this.aj?.();this.aj=null}
build(values,keys,w,d){this.items=[];for(let g=0;g<values.length;g++)this.items.push(this.make(keys[g],values[g],g,d));if(values.length===0&&w)this.bL(w,d)}
bL(w,d){this.aj=kept(()=>ah(w(),d))}
update(values,keys,w){if(this.aj!==null&&values.length>0){this.bp();clear(this.start.nextSibling,this.end)}
const u=new Map(this.items.map((item,g)=>[item.key,g])),dw=new Set(keys);const parent=this.end.parentNode,before=this.items;for(const item of before)if(!dw.has(item.key))this.drop(item);const ad=keys.map((key)=>u.get(key)??-1),aM=dp(ad);this.items=new Array(keys.length);for(let g=keys.length-1,next=this.end;g>=0;g--){const m=ad[g]>=0?before[ad[g]]:null;if(m===null)this.items[g]=this.make(keys[g],values[g],g,new aw(parent,next,false));else{this.items[g]=m;m.item.set(values[g]);m.index.set(g);if(!aM.has(g))this.move(m,next)}
next=this.items[g].first??next}
if(values.length===0&&w&&this.aj===null)this.bL(w,new aw(parent,this.end,false))}
move({first,last},next){for(let a=first,stop=last?.nextSibling??null;a!==stop;){const cN=a.nextSibling;next.parentNode.insertBefore(a,next);a=cN}}
clear(){for(const item of this.items)item.dispose();this.items=[];this.bp()}}
function each(row,list,key,render,w){return az((start,end,adopting)=>{const items=new cc(row,render,start,end);let first=true;on_cleanup(()=>items.clear());effect(()=>{const values=items_of(list());const keys=cU(values,key);untracked(()=>{if(!first)return items.update(values,keys,w);first=false;aD(start.parentNode,start.nextSibling,end,adopting,(d)=>{items.clear();items.build(values,keys,w,d)})})})})}
class Instance{constructor(view,module,path,props={},slots={}){Object.assign(this,{view,module,path,slots});this.props={};for(const name in module.props??{})this.props[name]=this.c2(props[name]??null)}
c2(value){return typeof value==="function"?computed(al(value)):()=>value}
address(name){return this.path===""?name:`${this.path}.${name}`}
cell(name){return this.view.cell(this.address(name),this.module.cells?.[name]??"any")}
prop(name){return this.props[name]??(()=>null)}
live(id){const row=this.module.live[id];const inputs=(row.in??[]).map((name)=>this.address(this.bu(name)));return this.view.live(id,row,this.cX(row),inputs).get}
cX(row){if(row.loop===undefined)return row.in?this.path:"";const bO=cz().split("/");return bO.slice(0,bO.findLastIndex((step)=>step.startsWith(`b${row.loop}:`))+1).join("/")}
derived(fn){return computed(fn)}
call(row,inputs=[],event=null){return this.view.call(this,row,inputs,event)}
mount(fn){this.view.bk(()=>a5(fn))}
update(fn){let first=true;effect(()=>{fn(first);first=false},true)}
unmount(fn){on_cleanup(()=>a5(fn))}
bu(name){return name in(this.module.cells??{})?name:`props:${name}`}
inputs(){const{live={},cells={},props={}}=this.module;const c6=new Set(Object.values(live).flatMap((row)=>row.in??[]));return Array.from(c6,(name)=>({name:this.bu(name),get:name in cells?this.cell(name):this.prop(name),type:[cells[name]??props[name]].flat()[0]}))}}
function component(module){return module}
function use(row,module,props={},slots={}){const k=br();const content=Object.fromEntries(Object.entries(slots).map(([name,fn])=>[name,(path)=>at(path,k,fn)]));return fixed_block(al(()=>{const path=bN(`c${row}`),{view}=k,p=new Instance(view,module,path,props,content);return at(path,p,()=>{if(!view.adopting)untracked(()=>module.init?.(p));view.da(p);const o=module.view(p);view.bG(p);return o})}),)}
function slot(dd,name,w){const{slots,path}=br();return fixed_block(al(()=>{const av=slots[name];return av?av(`${path}/s${dd}`):(w?.()??[])}))}
const is_object=(json)=>typeof json==="object"&&json!==null&&!Array.isArray(json);function must(c7,name,D){if(!c7)fail("R0401",`${name} must be ${D}`)}
const cannot_cross=(D)=>fail("R0020",`${D} cannot leave its agent or tier`);function read_int(json,name,D="int"){must(Number.isInteger(json),name,D);return write_int(json)}
function write_int(value){return Number.isSafeInteger(value)?value+0:fail("R0010","integer overflow")}
function read_items(json,name,D,length){must(Array.isArray(json)&&(length===undefined||json.length===length),name,D);return json}
function exact_keys(json,keys,name,D){must(is_object(json)&&Object.keys(json).every((key)=>keys.includes(key)),name,D);return json}
const bh={NaN:NaN,Infinity:Infinity,"-Infinity":-Infinity,"-0":-0};function bD(json,name){if(typeof json==="number")return json;exact_keys(json,["$n"],name,"number");must(Object.hasOwn(bh,json.$n),name,"number");return bh[json.$n]}
const b1=(v)=>(Number.isFinite(v)&&!Object.is(v,-0)?v:{$n:Object.is(v,-0)?"-0":String(v)});const bB=(l,D)=>({read:(json,name)=>(must(typeof json===l,name,D),json),write:(v)=>v});const basic_codecs={none:{read:(json,name)=>(must(json===null,name,"none"),null),write:()=>null},bool:bB("boolean","bool"),text:bB("string","text"),int:{read:read_int,write:write_int},number:{read:bD,write:b1}};const codec_library={parse:null,compose:null,read_tagged:()=>fail("R0401","a value must be plain"),write_tagged:()=>cannot_cross("value")};function a3(text){if(text.endsWith("?")&&/^[^|>]*$/.test(text))return["optional",a3(text.slice(0,-1))];if(/^\w+$/.test(text))return[text];const list=/^\[([^:,|()[\]]+|\[[^:,|()]+\])\]$/.exec(text);return list?["list",a3(list[1])]:codec_library.parse(text)}
function c0(types={},functions={}){const m=new Map(),cy={};const bo=(type)=>(cy[type]??=row_class(type,types[type]));function ap(type,json,name){must(is_object(json)&&Number.isSafeInteger(json.id),name,type);const{$set=[],...fields}=json,values={},kept={};for(const e in fields){must(Object.hasOwn(types[type],e),name,type);values[e]=codec(types[type][e]).read(json[e],`${name}.${e}`);if(typeof values[e]==="object"&&values[e]!==null)kept[e]=JSON.stringify(json[e])}
const{version=0,...z}=values,row=new(bo(type))(z,version);row.$json=kept;for(const e of read_items($set,name,type))row.$edits.set(e,0);return row}
const av=(row,e)=>codec(types[row.$type][e]).write(row.$values[e]??null);function aB(row){return Object.keys(types[row.$type]).filter((e)=>row.$edits.has(e)||(types[row.$type][e][0]==="["&&row.$json[e]!==undefined&&JSON.stringify(av(row,e))!==row.$json[e]),)}
function b2(row){const set={},fields=row.id===0?Object.keys(row.$values).filter((cK)=>cK!=="id"):aB(row);for(const e of fields)set[e]=av(row,e);return{$e:row.$type,id:row.id,v:row.$edits.size>0?row.$base:row.$version,set}}
const any={read(json,name){if(Array.isArray(json))return json.map((item)=>any.read(item,name));if(!is_object(json))return json;return"$n"in json?bD(json,name):codec_library.read_tagged(json,name,codec,types)},write(v){if(typeof v==="number")return b1(v);if(Array.isArray(v))return track(v).map(any.write);if(v instanceof Row)return b2(v);return(typeof v==="object"&&v!==null)||typeof v==="function"?codec_library.write_tagged(v,codec):(v??null)}};function make([l,...bA]){if(l==="any"||l==="union")return any;if(Object.hasOwn(basic_codecs,l))return basic_codecs[l];if(l==="optional"||l==="list"){const{read,write}=make(bA[0]);if(l==="list")return{read:(json,name)=>read_items(json,name,"list").map((x)=>read(x,name)),write:(v)=>track(v).map(write)};return{read:(json,name)=>(json===null?null:read(json,name)),write:(v)=>(v===null?null:write(v))}}
const fields=types[l];if(fields===undefined||Object.values(fields).some(Array.isArray))return codec_library.compose(l,bA,make,codec,types,functions);return{read:(json,name)=>ap(l,json,name),write:(v)=>(must(v instanceof Row,"value",l),b2(v))}}
function codec(text){let aG=m.get(text);if(aG===undefined){const type=a3(text),{read,write}=make(type),[element]=type[1]??[];aG={read:(json,name="value")=>read(json,name),write:(v)=>untracked(()=>write(v)),dx:write,element:type[0]==="list"&&types[element]!==undefined&&types[element].id?element:null};m.set(text,aG)}
return aG}
return Object.assign(codec,{ap,aB,bo})}
const aO="flin:keep",bg="flin:reloads",ck=10000,cj=2;let K=null;function current_page(){return K}
function ds(page){const kept=JSON.parse(sessionStorage.getItem(aO)??"null");if(kept?.page!==page)return{};sessionStorage.removeItem(aO);return kept.cells}
function reload(){const now=Date.now();const bS=JSON.parse(sessionStorage.getItem(bg)??"[]").filter((dt)=>now-dt<ck);if(bS.length>=cj)return void shared_socket().end();sessionStorage.setItem(bg,JSON.stringify([...bS,now]));location.reload()}
class ci{constructor(module){this.module=module;this.state=JSON.parse(document.getElementById("flin-state").textContent);this.token=this.state.token;this.seq=this.state.seq;this.codec=c0(module.types,module.functions);this.cells=new Map();this.lives=new Map();this.values={...this.state.live};this.watched=new Map();this.opened=new Map();this.news={set:{},open:{},close:[]};this.n=0;this.adopted=false;this.first=true;this.adopting=true;this.shown=[];this.calls=new b6(this)}
start(){this.kept=ds(this.state.page);const dh=document.getElementById("flin-state"),p=(this.root=new Instance(this,this.module,""));hooks.schedule=(run)=>this.schedule(run);[,this.dispose]=scope(()=>batch(()=>at("",p,()=>{if(this.module.head)this.dk(p);show_root(document.body,document.body.firstChild,dh,()=>this.module.view(p));this.watch(p);this.bG(p)}),),);this.adopting=false;flush();this.bH();this.c9();shared_socket(this.state.dev).connect();return this}
dk(p){const bz=Array.from(document.head.childNodes).filter((a)=>a.nodeType===8);const[start,end]=[bz.find((aX)=>aX.data==="["),bz.findLast((aX)=>aX.data==="]")];show_root(document.head,start.nextSibling,end,()=>this.module.head(p))}
bG(p){p.module.setup?.(p)}
bk(fn){this.shown.push(fn)}
bH(){for(const fn of this.shown.splice(0))fn()}
schedule(run){const update=()=>{run();this.bH();this.bK()};if(document.visibilityState==="hidden")setTimeout(update,16);else requestAnimationFrame(update)}
cell(address,declared){return this.cells.get(address)??this.cZ(address,declared)}
cZ(address,declared){const[type,dj]=Array.isArray(declared)?declared:[declared];const{cells={},async={}}=this.state,codec=this.codec(type),kept=this.kept[address];let json=cells[address];if(kept?.[0]===type)json=kept[1];const cell=signal(json===undefined?null:codec.read(json,address));cell.type=type;this.cells.set(address,cell);if(!Array.isArray(declared))return cell;make_async(cell);if(dj)cell.remote=(op)=>shared_socket().send({action:"async",cell:address,op});if(async[address])received_async(cell,codec,async[address]);return cell}
cP(path){for(const address of this.cells.keys())if(address.startsWith(`${path}.`))this.cells.delete(address)}
live(id,row,d,inputs){const key=d===""?String(id):`${id}@${d}`;let i=this.lives.get(key);if(i===undefined){this.lives.set(key,(i=new cd(row.type,this.codec,this.values[key])));Object.assign(i,{key,inputs,users:0});delete this.values[key]}
i.users++;on_cleanup(()=>{if(--i.users===0)this.bk(()=>i.users===0&&this.lives.delete(key))});return i}
watch(p){for(const{name,get,type}of p.inputs()){const address=p.address(name),codec=this.codec(type),m={sent:undefined,call:0,get,codec};const before=(this.state.cells??{})[address];this.watched.set(address,m);effect(()=>{m.json=codec.dx(get());const text=JSON.stringify(m.json);if(m.sent===undefined)m.sent=before===undefined?text:JSON.stringify(before);if(m.sent!==text)this.news.set[address]=m;else delete this.news.set[address]},true);on_cleanup(()=>{this.watched.delete(address);delete this.news.set[address]})}}
da(p){const inputs=p.inputs();on_cleanup(()=>this.cP(p.path));if(inputs.length===0)return;this.watch(p);this.opened.set(p.path,p);this.news.open[p.path]=p;on_cleanup(()=>{this.opened.delete(p.path);if(p.path in this.news.open)delete this.news.open[p.path];else this.news.close.push(p.path)})}
aV(p){return Object.fromEntries(p.inputs().map(({name,get,type})=>[name,this.codec(type).write(get())]))}
bK(){const{set,open,close}=this.news,J=Object.keys(set),opened=Object.values(open);if(J.length+opened.length+close.length===0)return;this.news={set:{},open:{},close:[]};this.n++;const message={action:"cells",n:this.n};if(J.length>0)message.set=Object.fromEntries(J.map((address)=>[address,set[address].json]));if(opened.length>0)message.open=Object.fromEntries(opened.map((p)=>[p.path,this.aV(p)]));if(close.length>0)message.close=close;for(const address of J){set[address].sent=JSON.stringify(set[address].json);set[address].call=this.calls.bw}
for(const i of this.lives.values())if(i.inputs.some((address)=>J.includes(address)))i.need=this.n;if(this.adopted)shared_socket().send(message)}
c9(){this.news.open={};if(Object.keys(this.news.set).length>0)this.bK()}
adopt(){const message={action:"page",token:this.token,build:this.module.build};if(![...this.lives.values()].some((i)=>i.have<i.need))message.seq=this.seq;message.n=this.n;if(!this.first)message.last=this.calls.aW;this.first=false;const cells=this.aV(this.root);if(Object.keys(cells).length>0)message.cells=cells;if(this.opened.size>0)message.open=Object.fromEntries([...this.opened].map(([path,p])=>[path,this.aV(p)]));const pending=[...this.cells].filter(([,cell])=>cell.remote&&cell.async.status.peek().state==="loading");if(pending.length>0)message.pending=pending.map(([address])=>address);shared_socket().send(message)}
lost(){this.adopted=false}
receive(message){const handler=this[`on_${message.type}`];if(handler)batch(()=>handler.call(this,message))}
on_page({recovered,seq,n=0,live={},async={}}){this.adopted=true;this.seq=seq;if(!recovered)this.aP(Object.entries(live).map(([key,value])=>[key,[["=",value]],n]));for(const address in async)this.on_async({cell:address,...cQ(async[address])});this.calls.resume()}
on_live({seq,set}){this.seq=seq;this.aP(set)}
aP(list){for(const[key,aq,n=0]of list){const i=this.lives.get(key);if(i===undefined){if(aq[0]?.[0]==="=")this.values[key]=aq[0][1]}else if(n>=i.need){i.have=Math.max(i.have,n);i.apply(aq)}}}
on_result(message){this.calls.result(message)}
cq(address,json,id){const cell=this.cells.get(address),watched=this.watched.get(address);if(watched&&watched.call<id)watched.sent=JSON.stringify(json);else if(watched)watched.sent=null;cell?.set(this.codec(cell.type).read(json,address))}
on_async({cell:address,state,value,code,message}){const cell=this.cells.get(address);if(cell?.async)received_async(cell,this.codec(cell.type),state==="error"?[state,code,message]:[state,value])}
on_signal({handler,args=[]}){const run=this.module.signals?.[handler];if(run)run(this.root,...args);else this.calls.call(this.root,handler,args,null).catch(hooks.report)}
on_reload({reason}){if(reason==="build"||reason==="token"){const cells={};for(const[address,cell]of this.cells)if(!cell.async)cells[address]=[cell.type,this.codec(cell.type).write(cell.peek())];sessionStorage.setItem(aO,JSON.stringify({build:this.module.build,page:this.state.page,cells}))}
reload()}
on_error({code,message,action}){if(action!=="subscribe")hooks.report(new FlinError(code,message))}
on_diagnostics({text}){document.getElementById("flin-diagnostics")?.remove();if(!text)return;const aA=document.createElement("pre");aA.id="flin-diagnostics";aA.textContent=text;aA.setAttribute("style","position:fixed;inset:0;margin:0;padding:2rem;overflow:auto;z-index:2147483647;background:#1e1e1e;color:#fff");document.body.append(aA)}
call(p,row,inputs,event){return this.calls.call(p,row,inputs,event)}
end(){this.dispose();this.calls.end()}}
function cQ([state,...A]){return state==="error"?{state,code:A[0],message:A[1]}:{state,value:A[0]}}
function show(module){const{build}=JSON.parse(document.getElementById("flin-state").textContent);if(build!==module.build)return void reload();leave_page();K=new ci(module);return K.start()}
function leave_page(){K?.end();K=null}
function page(module){if(K===null)show(module);return{module,show:()=>show(module)}}
di(current_page);hooks.endless=()=>new FlinError("R0019","updates do not end");hooks.report=(error)=>{const event=new CustomEvent("flin:error",{detail:error,cancelable:true});if(document.dispatchEvent(event))console.error(error.code?`${error.code}: ${error.message}`:error)};function aQ(name){const view=current_page(),declared=view?.module.cells?.[name];if(declared===undefined)throw new Error(`this page has no variable '${name}'`);const cell=view.cell(name,declared);return cell.async?cell:make_async(cell)}
Object.assign(globalThis,{$flin:{get dev(){return current_page()?.state.dev===true},get page(){return current_page()},socket:shared_socket},_flinAsync:(name,de)=>start_async(aQ(name),()=>de),_flinIsLoading:(name)=>is_loading(aQ(name)),_flinGetError:(name)=>error_message(aQ(name)),_flinDebounce:debounce,_flinThrottle:throttle,_flinWsConnect:b3,_flinWsSubscribe:b4,_flinWsUnsubscribe:dy,_flinOnEntityChange:on_entity_change,_flinUpdate:flush});
export{FlinError,Instance,Row,add_int,attribute_text,basic_codecs,batch,cancel,cannot_cross,codec_library,component,computed,controls,current_page,each,edit_clock,effect,el,eq,error_message,exact_keys,fail,fixed_block,flush,hooks,hooks_of_calls,html,inner_text,inspect,int_result,is_error,is_idle,is_int,is_loading,is_object,is_ready,items_of,leave_page,make_async,mod_int,mul_int,must,neg_int,note_edit,on_cleanup,page,previous,quoted,read_int,read_items,received_async,retry,row_class,safe_url,same,scope,set_attribute,shared_socket,show_root,signal,slot,start_async,style_part,sub_int,text,to_text,touch,track,truthy,type_of,untracked,use,when,write_int};
