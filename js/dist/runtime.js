const W=1,N=2,a3=4,a2=8,aB=16,bP=32;const cO=2**40;const cS=100;let J=null;let H=null;let aE=0;let aJ=0;let dU=0;let aX=[];let a8=false;let bK=false;const hooks={schedule:null,report:(l)=>console.error(l),endless:()=>new Error("updates do not end"),mismatch:null};function aT(c,j,dq){return{value:c,fn:j,flags:dq,id:++aJ,error:null,run:0,deps:null,tail:null,subs:null,i:null,owned:null}}
function same(m,u){return m===u||(m!==m&&u!==u)||(m!==null&&typeof m==="object"&&m.flin_same!==undefined&&m.flin_same(u))}
function ca(K,sub){const ai=sub.tail;if(ai!==null&&ai.dep===K)return;const k=ai===null?sub.deps:ai.a;if(k!==null&&k.dep===K){k.run=sub.run;sub.tail=k;return}
const aL=K.i;if(aL!==null&&aL.sub===sub&&aL.run===sub.run)return;const aK={dep:K,sub,run:sub.run,a:k,q:aL,c:null};sub.tail=aK;if(ai===null)sub.deps=aK;else ai.a=aK;K.i=aK;if(aL===null)K.subs=aK;else aL.c=aK}
function cy(A){for(let y=A;y!==null;y=y.a){const{dep:K,q:bd,c:bc}=y;if(bc===null)K.i=bd;else bc.q=bd;if(bd===null)K.subs=bc;else bd.c=bc}}
function cv(a){const ao=J;J=a;a.tail=null;a.run=++dU;a.flags=(a.flags&~(W|N))|a3;try{return a.fn()}finally{J=ao;a.flags&=~a3;const cp=a.tail===null?a.deps:a.tail.a;if(cp!==null){if(a.tail===null)a.deps=null;else a.tail.a=null;cy(cp)}}}
function dF(dX){let aS=N;const aO=[dX];while(aO.length>0){for(let y=aO.pop().subs;y!==null;y=y.c){const sub=y.sub,bf=sub.flags&(W|N);sub.flags|=aS;if(sub.flags&bP)dm(sub);else if(!bf)aO.push(sub)}
aS=W}}
function dm(a){if(a.flags&(a2|aB))return;a.flags|=a2;aX.push(a)}
function as(a){dF(a);if(aE===0)bM()}
function bF(a){const U=a.value,dL=a.error;a.error=null;const ao=H;H=null;try{a.value=cv(a)}catch(l){a.error=l}finally{H=ao}
if(a.error===dL&&same(U,a.value))return;for(let y=a.subs;y!==null;y=y.c)if(y.sub.flags&W)y.sub.flags|=N}
function cB(a){const aO=[];let sub=a,y=a.deps;for(;;){if(y===null||sub.flags&N){if(sub===a)break;if(sub.flags&N)bF(sub);else sub.flags&=~W;const cz=aO.pop();sub=cz.sub;y=cz.a;continue}
const K=y.dep;if(K.flags&N){bF(K);y=y.a}else if(K.flags&W){aO.push(y);sub=K;y=K.deps}else{y=y.a}}
if(!(a.flags&N))a.flags&=~W}
function ay(a){if(a.fn!==null&&!(a.flags&aB)){if(a.flags&a3)throw new Error("a value depends on itself");if((a.flags&(W|N))===W)cB(a);if(a.flags&N)bF(a)}
if(J!==null)ca(a,J);if(a.error!==null)throw a.error;return a.value}
function ap(aY){if(H!==null)(H.owned??=[]).push(aY)}
function bp(a){while(a.owned!==null){const am=a.owned;a.owned=null;const bB=J,bC=H;J=H=null;while(am.length>0){const aY=am.pop();if(typeof aY==="function")dt(aY);else a6(aY)}
J=bB;H=bC}}
function a6(a){if(a.flags&aB)return;a.flags|=aB;bp(a);if(a.flags&a3)return;cj(a)}
function cj(a){cy(a.deps);a.deps=a.tail=null}
function dt(j){try{j()}catch(l){hooks.report(l)}}
function cl(a){bp(a);const ao=H;H=a;aE++;try{cv(a)}catch(l){hooks.report(l)}finally{aE--;H=ao}
if(a.flags&aB){bp(a);cj(a)}}
function bM(){if(a8||aX.length===0)return;if(hooks.schedule===null)flush();else if(!bK){bK=true;hooks.schedule(flush)}}
const c9=(m,u)=>m.id-u.id;function flush(){if(a8)return;a8=true;bK=false;try{for(let cD=0;aX.length>0;cD++){const cC=aX.sort(c9);aX=[];if(cD===cS){for(const a of cC)a.flags&=~a2;hooks.report(hooks.endless());break}
for(const a of cC){a.flags&=~a2;if(a.flags&aB)continue;if((a.flags&(W|N))===W)cB(a);if(a.flags&N)cl(a)}}}finally{a8=false}}
function signal(c){const a=aT(c,null,0);const get=()=>ay(a);get.peek=()=>a.value;get.set=(k)=>{if(same(a.value,k))return;a.value=k;as(a)};return get}
function computed(j){const a=aT(undefined,j,N);ap(a);const get=()=>ay(a);get.dispose=()=>a6(a);return get}
function effect(j,dy=false){const a=aT(undefined,j,bP);if(dy)a.id+=cO;ap(a);cl(a);if(aE===0)bM();return()=>a6(a)}
function scope(j,di=false){const a=aT(undefined,null,0);if(!di)ap(a);const bC=H,bB=J;H=a;J=null;try{return[j(),()=>a6(a)]}finally{H=bC;J=bB}}
function on_cleanup(j){ap(j)}
function batch(j){aE++;try{return j()}finally{if(--aE===0)bM()}}
function untracked(j){const ao=J;J=null;try{return j()}finally{J=ao}}
const bx=new WeakMap();function track(aw,p=""){if(J===null)return aw;let I=bx.get(aw);if(I===undefined)bx.set(aw,(I=new Map()));let a=I.get(p);if(a===undefined)I.set(p,(a=aT(0,null,0)));ca(a,J);return aw}
function touch(aw,p=""){const a=bx.get(aw)?.get(p);if(a!==undefined)as(a);return aw}
class FlinError extends Error{constructor(ak,h,ab=null){super(h);this.code=ak;this.fields=ab}
get flin_kind(){return"error"}}
function fail(ak,h){throw new FlinError(ak,h)}
class Row{constructor(G,bj=0){this.$values=G;this.$version=bj;this.$base=bj;this.$edits=new Map();this.$json={}}
get id(){return this.$values.id||(track(this,"id"),0)}
get version(){return track(this,"version").$version}}
let b4=0;function note_edit(d,g){if(d.$edits.size===0)d.$base=d.$version;d.$edits.set(g,++b4)}
function edit_clock(){return b4}
function row_class(b,ab){const aJ=class extends Row{};aJ.prototype.$type=b;aJ.prototype.$fields=ab;for(const g in ab){if(g==="id"||g==="version")continue;Object.defineProperty(aJ.prototype,g,{get(){return track(this,g).$values[g]??null},set(c){if(this.$values[g]===c)return;this.$values[g]=c;note_edit(this,g);touch(this,g)}})}
return aJ}
const cK={"\\":"\\\\",'"':'\\"',"\n":"\\n","\t":"\\t","\r":"\\r","\0":"\\0"};function quoted(text){return'"'+text.replace(/[\\"\n\t\r\0]/g,(da)=>cK[da])+'"'}
function to_text(c){return typeof c==="string"?c:c===null||c===undefined?"":inspect(c)}
function inspect(c){switch(typeof c){case"string":return c;case"number":return String(c+0);case"boolean":return String(c);case"function":return`<fn ${c.flin_name??(c.name||"anonymous")}>`;case"undefined":return"none"}
if(c===null)return"none";if(Array.isArray(c))return`[${track(c).map(inner_text).join(", ")}]`;if(c instanceof Row)return`${c.$type}#${c.id}`;if(c instanceof FlinError)return c.message;return c.flin_text?c.flin_text():String(c)}
function inner_text(c){return typeof c==="string"?quoted(c):inspect(c)}
const is_int=Number.isSafeInteger;function int_result(c){return is_int(c)?c+0:fail("R0010","integer overflow")}
const add_int=(m,u)=>int_result(m+u);const sub_int=(m,u)=>int_result(m-u);const mul_int=(m,u)=>int_result(m*u);const neg_int=(m)=>0-m;function mod_int(m,u){return u===0?fail("R0009","division by zero"):(m%u)+0}
function eq(m,u){if(m===u)return true;if(m===null||u===null||typeof m!=="object"||typeof u!=="object")return(m??null)===(u??null);if(m.flin_equal)return m.flin_equal(u);if(m.flin_same)return m.flin_same(u);if(m instanceof Row)return u instanceof Row&&m.$type===u.$type&&m.id!==0&&m.id===u.id;return Array.isArray(m)&&Array.isArray(u)&&track(m).length===track(u).length&&m.every((L,i)=>eq(L,u[i]))}
function truthy(c){return!!c}
function items_of(ar){if(Array.isArray(ar))return track(ar).slice();if(typeof ar==="string")return Array.from(ar);if(ar?.flin_items)return ar.flin_items();return ar===null||ar===undefined?[]:fail("R0018",`cannot loop over ${type_of(ar)}`)}
function type_of(c){if(c===null||c===undefined)return"none";if(typeof c==="string")return"text";if(typeof c==="boolean")return"bool";if(typeof c==="number")return is_int(c)?"int":"number";if(Array.isArray(c))return"list";return c instanceof Row?c.$type:(c.flin_kind??typeof c)}
const c3=new Set(["href","src","action","formaction","poster","cite","data","ping","background","xlink:href"]);const cZ=/^(https?|mailto|tel|sms|blob):/i;const cL=/^data:image\/(png|jpeg|gif|webp|avif)(;|,|$)/i;const c2=/[<{}\\]|url\(|expression\(|@import/i;const cV=new Set(["checked","selected","value","muted","indeterminate"]);function cn(b,bN){const aC=bN.replace(/[\0-\x20\x7f-\x9f]/g,"");if(!/^[a-z][a-z0-9+.-]*:/i.test(aC)||cZ.test(aC))return bN;return/^(src|srcset|poster)$/.test(b)&&cL.test(aC)?bN:"about:blank#blocked"}
function cm(text,d7=c2){if(!d7.test(text))return text;console.warn("FLIN: unsafe style left out:",text);return""}
function d2(c){return cm(to_text(c),/[<{}\\;]|url\(|expression\(|@import/i)}
function dd(c){if(Array.isArray(c))return track(c).filter(Boolean).map(to_text).join(" ");return c?.flin_items?Array.from(c).filter(([,by])=>by).map(([b])=>to_text(b)).join(" "):to_text(c)}
function d3(c){if(!c?.flin_items)return cm(to_text(c));return Array.from(c,([b,q])=>`${to_text(b)}: ${d2(q)}`).join("; ")}
function c7(b,c){if(c===null||c===undefined)return null;if(typeof c==="boolean")return/^(aria|data)-/.test(b)?String(c):c?"":null;if(b==="class")return dd(c);if(b==="style")return d3(c);const text=to_text(c);if(b==="srcset")return text.split(",").map((dO)=>cn(b,dO)).join(",");return c3.has(b)?cn(b,text):text}
function set_attribute(s,b,c){const text=c7(b,c);if(text===null)s.removeAttribute(b);else if(s.getAttribute(b)!==text)s.setAttribute(b,text);if(cV.has(b)&&b in s){const an=b==="value"?(text??""):text!==null;if(s[b]!==an)s[b]=an}}
const cT={int:/^[+-]?\d+$/,number:/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i};function converted(text,X){if(X===undefined)return text;const aC=text.trim(),cd=Number(aC);return cT[X].test(aC)&&(X!=="int"||Number.isSafeInteger(cd))?cd+0:undefined}
const cs={read:(D,c,X)=>converted(D.value,X),show(D,c,X){const text=to_text(c);if(D.value!==text&&!(X!==undefined&&eq(converted(D.value,X),c)))D.value=text},touched:(D)=>D.value!==D.defaultValue,first(D,c){if(D.localName==="input")D.setAttribute("value",to_text(c))}};const controls={};function c8(D,n,R,get,set,{as:X,lazy:dz}={}){const B=D.localName==="select"?"select":D.getAttribute("type");const aR=controls[B]??cs;const cr=()=>batch(()=>{const c=aR.read(D,untracked(get),X);if(c!==undefined)set(c)});if(!n)D.setAttribute("data-flin-bind",R);if(n&&aR.touched(D))cr();effect(()=>aR.show(D,get(),X));if(!n)untracked(()=>aR.first(D,get()));D.addEventListener(dz||aR!==cs?"change":"input",cr)}
const bS={enter:"Enter",escape:"Escape",tab:"Tab",space:" ",up:"ArrowUp",down:"ArrowDown",left:"ArrowLeft",right:"ArrowRight",delete:"Delete"};const delays={};function bJ(j,o){batch(()=>untracked(()=>{try{let be=j(o);if(typeof be==="function")be=be(o);be?.then?.(null,hooks.report)}catch(l){hooks.report(l)}}),)}
function dG(aU,k){const[b,dI]=Array.isArray(aU)?aU:[aU];if(b in delays)return delays[b](k,dI);if(b in bS)return(o)=>o.key===bS[b]&&k(o);let cg=false;switch(b){case"prevent":return(o)=>(o.preventDefault(),k(o));case"stop":return(o)=>(o.stopPropagation(),k(o));case"self":return(o)=>o.target===o.currentTarget&&k(o);case"once":return(o)=>!cg&&((cg=true),k(o));default:return(o)=>o[b+"Key"]&&k(o)}}
function dA(s,t,dH,j){const dB=dH.reduceRight((k,aU)=>dG(aU,k),(o)=>bJ(j,o));s.addEventListener(t,dB)}
let R="";let aG=null;const dg=()=>R;const current_instance=()=>aG;function run_in(f,H,j){const ao=R,dN=aG;R=f;aG=H;try{return j()}finally{R=ao;aG=dN}}
const step_below=(au)=>(R===""?au:`${R}/${au}`);function dv(au,j){return run_in(step_below(au),aG,j)}
function in_path(j){const f=R,H=aG;return(...a4)=>run_in(f,H,()=>j(...a4))}
const bk="http://www.w3.org/1999/xhtml",c0="http://www.w3.org/2000/svg",cR="http://www.w3.org/1998/Math/MathML";const bQ=1,bV=3,bO=8;class aQ extends Error{}
class a1{constructor(V,k,n,bg=V.namespaceURI){Object.assign(this,{parent:V,next:k,adopting:n,space:bg,first:null,last:null})}
took(a){this.first??=a;this.last=a;return a}
adopt(d5,dn){const a=this.next;if(a===null||!d5(a))throw new aQ(`expected ${dn}, found ${a===null?"the end":a.nodeName}`);this.next=a.nextSibling;return this.took(a)}
insert(a){this.parent.insertBefore(a,this.next);return this.took(a)}
comment(S){if(this.adopting)return this.adopt((Q)=>Q.nodeType===bO&&Q.data===S,`<!--${S}-->`);return this.insert(document.createComment(S))}}
function dC(l){if(!(l instanceof aQ))throw l;hooks.mismatch?.(l)}
function dZ(S,f){if(f.adopting)f.adopt((Q)=>Q.nodeType===bV&&Q.data===S,`text "${S}"`);else f.insert(document.createTextNode(S))}
function c6(Z){Z.y=true;return Z}
function text(j){return c6((f)=>{let a=f.next;if(f.adopting&&a?.nodeType===bV){f.next=a.nextSibling;f.took(a)}else a=f.insert(document.createTextNode(""));effect(()=>{const S=to_text(j());if(a.data!==S)a.data=S})})}
const bb=(a)=>typeof a==="string"||a?.y===true;function aP(I,f,bZ=false){for(const a of I){if(bb(a)&&bZ)f.comment(",");if(typeof a==="string")dZ(a,f);else a(f);bZ=bb(a)}}
const dw=(a)=>a?.nodeType===bQ&&a.localName==="input"&&a.getAttribute("type")==="hidden"&&(a.getAttribute("name")??"").startsWith("_flin_");function dE(ad,f){const bg=ad==="svg"?c0:ad==="math"?cR:f.space??bk;return bg===bk?document.createElement(ad):document.createElementNS(bg,ad)}
const attribute_kinds={on:(s,n,...bH)=>dA(s,...bH),bind:c8};function bX(s,n,[b,c,...bH]){const B=attribute_kinds[b];if(B)return B(s,n,c,...bH);if(typeof c==="string")return n||s.setAttribute(b,c);effect(()=>{const an=c();if(!n)set_attribute(s,b,an);n=false})}
function el(ad,bY,...I){return(f)=>{const{adopting:n}=f;const s=n?f.adopt((Q)=>Q.nodeType===bQ&&Q.localName===ad.toLowerCase(),`<${ad}>`):dE(ad,f);const b8=(v)=>ad==="select"&&v[0]==="bind";for(const v of bY)if(!b8(v))bX(s,n,v);const a5=s.localName==="template"?s.content:s;const aF=new a1(a5,a5.firstChild,n,ad==="foreignObject"?bk:s.namespaceURI);while(n&&dw(aF.next))aF.next=aF.next.nextSibling;aP(I,aF);if(n&&aF.next!==null)throw new aQ(`expected the end of <${ad}>, found ${aF.next.nodeName}`);for(const v of bY)if(b8(v))bX(s,n,v);if(!n)f.insert(s)}}
function clear_nodes(A,x){while(A!==x){const k=A.nextSibling;A.remove();A=k}}
function dl(F){let aS=1,a=F;while(aS>0){a=a.nextSibling;if(a===null)throw new aQ("expected <!--]-->, found the end");if(a.nodeType===bO)aS+=a.data==="["?1:a.data==="]"?-1:0}
return a}
function cw(V,k,n,x,Z){return scope(()=>{const f=new a1(V,k,n);try{Z(f);if(n&&f.next!==x)throw new aQ(`expected the end, found ${f.next?.nodeName}`)}catch(l){return l}
return null})}
function a7(V,A,x,n,Z){if(n){const[l,aa]=cw(V,A,true,x,Z);if(l===null)return aa;dC(l);aa();clear_nodes(A,x)}
const[l,aa]=cw(V,x,false,x,Z);if(l!==null)throw l;return aa}
function show_root(V,A,x,I){return a7(V,A,x,true,(f)=>aP(I(),f))}
function block(a5){return(f)=>{const F=f.comment("[");const x=f.adopting?dl(F):f.comment("]");a5(F,x,f.adopting);if(f.adopting)f.next=f.took(x).nextSibling}}
function when(b0){return block((F,x,n)=>{const dc=computed(()=>b0.findIndex(([b3])=>b3===null||b3()));const Z=in_path((av,f)=>av>=0&&aP(b0[av][1](),f));effect(()=>{const av=dc();if(!n)clear_nodes(F.nextSibling,x);a7(F.parentNode,F.nextSibling,x,n,(f)=>Z(av,f));n=false})})}
function fixed_block(I){return block((F,x,n)=>void a7(F.parentNode,F.nextSibling,x,n,(f)=>aP(I(),f)))}
function d0(aM){const az=[],Y=[];aM.forEach((position,i)=>{if(position<0)return;let aI=0,br=az.length;while(aI<br){const bw=(aI+br)>>1;if(aM[az[bw]]<position)aI=bw+1;else br=bw}
Y[i]=aI>0?az[aI-1]:-1;az[aI]=i});const bi=new Set();for(let i=az.length>0?az[az.length-1]:-1;i>=0;i=Y[i])bi.add(i);return bi}
function dx(aH,p){const bf=new Set();return aH.map((L,i)=>{let text=p?to_text(p(L,i)):String(i);if(bf.has(text)){console.warn("FLIN: a key appears twice in a list:",text);text=`${text}#${i}`}
bf.add(text);return text})}
function ac(j){let l=null;const[,aa]=scope(()=>{try{j()}catch(db){l=db}},true);if(l===null)return aa;aa();throw l}
class cP{constructor(d,bG,F,x){Object.assign(this,{row:d,render:bG,start:F,end:x,items:[],b:null});this.enter=in_path((au,j)=>dv(au,j))}
make(p,c,i,f){const L=signal(c),av=signal(i);f.first=f.last=null;const aa=ac(()=>this.enter(`b${this.row}:${encodeURIComponent(p)}`,()=>{const I=this.render(L,av);aP(I,f,i>0&&bb(I[0])&&bb(I[I.length-1]))}),);return{key:p,item:L,index:av,dispose:aa,first:f.first,last:f.last}}
drop({dispose:aa,first:A,last:ai}){aa();if(A!==null)clear_nodes(A,ai.nextSibling)}
l(){this.b?.();this.b=null}
build(G,T,aj,f){this.items=[];for(let i=0;i<G.length;i++)this.items.push(this.make(T[i],G[i],i,f));if(G.length===0&&aj)this.t(aj,f)}
t(aj,f){this.b=ac(()=>aP(aj(),f))}
update(G,T,aj){if(this.b!==null&&G.length>0){this.l();clear_nodes(this.start.nextSibling,this.end)}
const U=new Map(this.items.map((L,i)=>[L.key,i])),d8=new Set(T);const V=this.end.parentNode,Y=this.items;for(const L of Y)if(!d8.has(L.key))this.drop(L);const aM=T.map((p)=>U.get(p)??-1),bi=d0(aM);this.items=new Array(T.length);for(let i=T.length-1,k=this.end;i>=0;i--){const E=aM[i]>=0?Y[aM[i]]:null;if(E===null)this.items[i]=this.make(T[i],G[i],i,new a1(V,k,false));else{this.items[i]=E;E.item.set(G[i]);E.index.set(i);if(!bi.has(i))this.move(E,k)}
k=this.items[i].first??k}
if(G.length===0&&aj&&this.b===null)this.t(aj,new a1(V,this.end,false))}
move({first:A,last:ai},k){for(let a=A,d1=ai?.nextSibling??null;a!==d1;){const dr=a.nextSibling;k.parentNode.insertBefore(a,k);a=dr}}
clear(){for(const L of this.items)L.dispose();this.items=[];this.l()}}
function each(d,am,p,bG,aj){return block((F,x,n)=>{const aH=new cP(d,bG,F,x);let A=true;on_cleanup(()=>aH.clear());effect(()=>{const G=items_of(am());const T=dx(G,p);untracked(()=>{if(!A)return aH.update(G,T,aj);A=false;a7(F.parentNode,F.nextSibling,x,n,(f)=>{aH.clear();aH.build(G,T,aj,f)})})})})}
function bv(d,e,C){const dj=C.k(d),ba=C.g(d.$type,{id:d.id,...e},d.$type);if(e.version!==undefined&&d.$version!==e.version){d.$version=e.version;touch(d,"version")}
for(const g in ba.$values){const an=d.$values[g],k=ba.$values[g],cx=eq(an??null,k);if(dj.includes(g)&&!cx)continue;d.$edits.delete(g);if(ba.$json[g]!==undefined)d.$json[g]=ba.$json[g];if(cx)continue;d.$values[g]=k;touch(d,g)}
return d}
function dk(d,df,C){for(const[g,when]of d.$edits)if(when<=df)d.$edits.delete(g);for(const g of C.k(d))if(!d.$edits.has(g))delete d.$json[g]}
{edit_clock};function b7(aq,bW,d){aq.splice(bW===null?0:aq.findIndex((dQ)=>dQ.id===bW)+1,0,d)}
class cQ{constructor(t,C,e){this.codec=C;this.type=C(t);this.need=this.have=0;this.get=signal(null);if(e!==undefined)this.get.set(this.type.read(e))}
replace(e){const{element:s}=this.type,U=this.get.peek();if(s===null){const k=U instanceof Row&&e?.id===U.id?bv(U,e,this.codec):this.type.read(e);if(!eq(U,k))this.get.set(k);return}
const E=new Map((U??[]).map((d)=>[d.id,d]));const k=e.map((d)=>(E.has(d.id)?bv(E.get(d.id),d,this.codec):this.codec.g(s,d,s)));if(U===null||U.length!==k.length||k.some((d,i)=>d!==U[i]))this.get.set(k)}
apply(aV){for(const ax of aV){if(ax[0]==="=")this.replace(ax[1]);else this.w(ax)}}
w([ax,p,bq]){const aq=this.get.peek().slice(),f=aq.findIndex((d)=>d.id===p);if(ax==="+")b7(aq,p,this.codec.g(this.type.element,bq,this.type.element));else if(f<0)return;else if(ax==="~")return void bv(aq[f],bq,this.codec);else{const[d]=aq.splice(f,1);if(ax===">")b7(aq,bq,d)}
this.get.set(aq)}}
const bR=1000,cN=30000,cM=0.2,cU=5000;const cI=4001;class c1{constructor(by,bo=false){Object.assign(this,{on:by,dev:bo,socket:null,tries:0,timer:0,pong:0,ended:false,lost:false});this.back=()=>this.wake();addEventListener("online",this.back);document.addEventListener("visibilitychange",this.back)}
get is_open(){return this.socket?.readyState===1}
connect(){if(this.ended||this.socket!==null)return;clearTimeout(this.timer);const at=(this.socket=new WebSocket(`${location.protocol==="https:"?"wss:":"ws:"}//${location.host}/_ws`));at.onopen=()=>{this.tries=0;this.show("connected");this.on.open()};at.onmessage=({data:S})=>{const h=JSON.parse(S);if(h.type==="pong")this.pong=clearTimeout(this.pong)??0;else this.on.message(h)};at.onclose=({code:ak})=>at===this.socket&&this.closed(ak)}
closed(ak){this.socket=null;this.pong=clearTimeout(this.pong)??0;this.on.close?.();if(ak===cI)this.end();if(this.ended)return;this.show("reconnecting");const dh=Math.min(bR*2**this.tries++,cN);this.timer=setTimeout(()=>this.connect(),this.dev?bR:dh*(1+cM*Math.random()))}
wake(){if(document.visibilityState==="hidden"||this.ended)return;if(this.socket===null)return void(this.lost&&this.connect());if(!this.is_open||this.pong!==0)return;this.send({action:"ping"});this.pong=setTimeout(()=>this.drop(),cU)}
drop(){const at=this.socket;this.closed(1006);at?.close()}
send(h){if(!this.is_open)return false;this.socket.send(JSON.stringify(h));return true}
end(){this.ended=true;clearTimeout(this.timer);this.socket?.close();this.show("offline")}
show(bh){this.lost=bh==="reconnecting";const bI=document.documentElement;if(bI.getAttribute("data-flin-connection")===bh)return;bI.setAttribute("data-flin-connection",bh);bI.dispatchEvent(new CustomEvent("flin:connection",{detail:bh,bubbles:true}))}}
let at=null;const parties=[];function shared_socket(bo=false){return(at??=new c1({open:()=>parties.forEach((aW)=>aW.opened()),close:()=>parties.forEach((aW)=>aW.lost?.()),message:(h)=>parties.some((aW)=>aW.message(h))},bo,))}
const call_hooks={};class cJ{constructor(aA){this.view=aA;this.waiting=new Map();this.o=0;this.f=0}
call(z,d,ah,o){const{in:M=[],out:bA=[],post:dP=false,event:uses_event}=z.module.calls[d],{codec:C}=this.view;const h={action:"call",id:++this.o,handler:d};if(M.length>0)h.in=M.map((t,i)=>C(t).write(ah[i]??null));if(z.path!=="")h.scope=z.path;if(uses_event&&o)h.event=call_hooks.event(o);return new Promise((dT,dS)=>{this.waiting.set(h.id,{p:z,message:h,out:bA,post:dP,inputs:ah,resolve:dT,reject:dS,sent:false,clock:edit_clock()});this.h()})}
h(){if(!this.view.adopted)return;let Y=0;for(const w of this.waiting.values()){if(!w.sent){if(w.post&&Y>0)return;w.sent=true;if(w.post)call_hooks.post(this,w);else shared_socket().send(w.message)}
if(w.post)return;Y++}}
resume(){for(const w of this.waiting.values()){if(!w.sent)continue;w.message.retry=true;w.sent=false}
this.h()}
result(h){const{view:aA}=this,w=this.waiting.get(h.id);aA.seq=Math.max(aA.seq,h.seq??0);if(w)this.x(w,h);aA.d(h.live??[]);this.h()}
x(w,{id:ag,out:bA=[],value:c,token:cu,error:l}){this.waiting.delete(ag);this.f=Math.max(this.f,ag);if(cu)this.view.token=cu;if(l)return w.reject(new FlinError(l.code,l.message,l.fields??null));for(const b6 of w.inputs)if(b6 instanceof Row)dk(b6,w.clock,this.view.codec);for(const[i,e]of bA)this.assign(w,w.out[i],e);w.resolve(c===undefined?null:this.view.codec("any").read(c))}
assign(w,[B,b,t],e){if(B<2)return this.view.u(B===0?b:w.p.address(b),e,w.message.id);const du=B===2?w.p.prop(b)():w.inputs[b];call_hooks.take(du,this.view.codec(t).read(e))}
end(){this.waiting.clear()}}
class Instance{constructor(aA,P,R,bE={},dY={}){Object.assign(this,{view:aA,module:P,path:R,slots:dY});this.props={};for(const b in P.props??{})this.props[b]=this.B(bE[b]??null)}
B(c){return typeof c==="function"?computed(in_path(c)):()=>c}
address(b){return this.path===""?b:`${this.path}.${b}`}
cell(b){return this.view.cell(this.address(b),this.module.cells?.[b]??"any")}
prop(b){return this.props[b]??(()=>null)}
live(ag){const d=this.module.live[ag];const ah=(d.in??[]).map((b)=>this.address(this.m(b)));return this.view.live(ag,d,this.z(d),ah).get}
z(d){if(d.loop===undefined)return d.in?this.path:"";const cq=dg().split("/");return cq.slice(0,cq.findLastIndex((au)=>au.startsWith(`b${d.loop}:`))+1).join("/")}
derived(j){return computed(j)}
call(d,ah=[],o=null){return this.view.call(this,d,ah,o)}
mount(j){this.view.j(()=>bJ(j))}
update(j){let A=true;effect(()=>{j(A);A=false},true)}
unmount(j){on_cleanup(()=>bJ(j))}
m(b){return b in(this.module.cells??{})?b:`props:${b}`}
inputs(){const{live:bs={},cells:af={},props:bE={}}=this.module;const dJ=new Set(Object.values(bs).flatMap((d)=>d.in??[]));return Array.from(dJ,(b)=>({name:this.m(b),get:b in af?this.cell(b):this.prop(b),type:[af[b]??bE[b]].flat()[0]}))}}
const is_object=(e)=>typeof e==="object"&&e!==null&&!Array.isArray(e);function must(dK,b,ae){if(!dK)fail("R0401",`${b} must be ${ae}`)}
const cannot_cross=(ae)=>fail("R0020",`${ae} cannot leave its agent or tier`);function read_int(e,b,ae="int"){must(Number.isInteger(e),b,ae);return write_int(e)}
function write_int(c){return Number.isSafeInteger(c)?c+0:fail("R0010","integer overflow")}
function read_items(e,b,ae,b9){must(Array.isArray(e)&&(b9===undefined||e.length===b9),b,ae);return e}
function exact_keys(e,T,b,ae){must(is_object(e)&&Object.keys(e).every((p)=>T.includes(p)),b,ae);return e}
const bU={NaN:NaN,Infinity:Infinity,"-Infinity":-Infinity,"-0":-0};function ch(e,b){if(typeof e==="number")return e;exact_keys(e,["$n"],b,"number");must(Object.hasOwn(bU,e.$n),b,"number");return bU[e.$n]}
const cE=(q)=>(Number.isFinite(q)&&!Object.is(q,-0)?q:{$n:Object.is(q,-0)?"-0":String(q)});const cf=(B,ae)=>({read:(e,b)=>(must(typeof e===B,b,ae),e),write:(q)=>q});const basic_codecs={none:{read:(e,b)=>(must(e===null,b,"none"),null),write:()=>null},bool:cf("boolean","bool"),text:cf("string","text"),int:{read:read_int,write:write_int},number:{read:ch,write:cE}};const codec_library={parse:null,compose:null,read_tagged:()=>fail("R0401","a value must be plain"),write_tagged:()=>cannot_cross("value")};function bD(text){if(text.endsWith("?")&&/^[^|>]*$/.test(text))return["optional",bD(text.slice(0,-1))];if(/^\w+$/.test(text))return[text];const am=/^\[([^:,|()[\]]+|\[[^:,|()]+\])\]$/.exec(text);return am?["list",bD(am[1])]:codec_library.parse(text)}
function dD(M={},ds={}){const E=new Map(),de={};const b2=(t)=>(de[t]??=row_class(t,M[t]));function cc(t,e,b){must(is_object(e)&&Number.isSafeInteger(e.id),b,t);const{$set:cH=[],...ab}=e,G={},ac={};for(const g in ab){must(Object.hasOwn(M[t],g),b,t);G[g]=C(M[t][g]).read(e[g],`${b}.${g}`);if(typeof G[g]==="object"&&G[g]!==null)ac[g]=JSON.stringify(e[g])}
const{version:bj=0,...ap}=G,d=new(b2(t))(ap,bj);d.$json=ac;for(const g of read_items(cH,b,t))d.$edits.set(g,0);return d}
const cG=(d,g)=>C(M[d.$type][g]).write(d.$values[g]??null);function b1(d){return Object.keys(M[d.$type]).filter((g)=>d.$edits.has(g)||(M[d.$type][g][0]==="["&&d.$json[g]!==undefined&&JSON.stringify(cG(d,g))!==d.$json[g]),)}
function cF(d){const set={},ab=d.id===0?Object.keys(d.$values).filter((dp)=>dp!=="id"):b1(d);for(const g of ab)set[g]=cG(d,g);return{$e:d.$type,id:d.id,v:d.$edits.size>0?d.$base:d.$version,set}}
const bm={read(e,b){if(Array.isArray(e))return e.map((L)=>bm.read(L,b));if(!is_object(e))return e;return"$n"in e?ch(e,b):codec_library.read_tagged(e,b,C,M)},write(q){if(typeof q==="number")return cE(q);if(Array.isArray(q))return track(q).map(bm.write);if(q instanceof Row)return cF(q);return(typeof q==="object"&&q!==null)||typeof q==="function"?codec_library.write_tagged(q,C):(q??null)}};function bu([B,...ce]){if(B==="any"||B==="union")return bm;if(Object.hasOwn(basic_codecs,B))return basic_codecs[B];if(B==="optional"||B==="list"){const{read:ay,write:a0}=bu(ce[0]);if(B==="list")return{read:(e,b)=>read_items(e,b,"list").map((d9)=>ay(d9,b)),write:(q)=>track(q).map(a0)};return{read:(e,b)=>(e===null?null:ay(e,b)),write:(q)=>(q===null?null:a0(q))}}
const ab=M[B];if(ab===undefined||Object.values(ab).some(Array.isArray))return codec_library.compose(B,ce,bu,C,M,ds);return{read:(e,b)=>cc(B,e,b),write:(q)=>(must(q instanceof Row,"value",B),cF(q))}}
function C(text){let a9=E.get(text);if(a9===undefined){const t=bD(text),{read:ay,write:a0}=bu(t),[s]=t[1]??[];a9={read:(e,b="value")=>ay(e,b),write:(q)=>untracked(()=>a0(q)),E:a0,element:t[0]==="list"&&M[s]!==undefined&&M[s].id?s:null};E.set(text,a9)}
return a9}
return Object.assign(C,{g:cc,k:b1,F:b2})}
const bl="flin:keep",bT="flin:reloads",cY=10000,cX=2;let al=null;const page_hooks={messages:{}};function current_page(){return al}
function d4(page){const ac=JSON.parse(sessionStorage.getItem(bl)??"null");if(ac?.page!==page)return{};sessionStorage.removeItem(bl);return ac.cells}
function ck(){const an=Date.now();const ct=JSON.parse(sessionStorage.getItem(bT)??"[]").filter((d6)=>an-d6<cY);if(ct.length>=cX)return void shared_socket().end();sessionStorage.setItem(bT,JSON.stringify([...ct,an]));location.reload()}
class cW{constructor(P){this.module=P;this.state=JSON.parse(document.getElementById("flin-state").textContent);this.token=this.state.token;this.seq=this.state.seq;this.codec=dD(P.types,P.functions);this.cells=new Map();this.lives=new Map();this.values={...this.state.live};this.watched=new Map();this.opened=new Map();this.news={set:{},open:{},close:[]};this.n=0;this.adopted=false;this.first=true;this.adopting=true;this.shown=[];this.calls=new cJ(this)}
start(){this.kept=d4(this.state.page);const dV=document.getElementById("flin-state"),z=(this.root=new Instance(this,this.module,""));hooks.schedule=(aN)=>this.schedule(aN);[,this.dispose]=scope(()=>batch(()=>run_in("",z,()=>{if(this.module.head)this.D(z);show_root(document.body,document.body.firstChild,dV,()=>this.module.view(z));this.watch(z);this.module.setup?.(z)}),),);this.adopting=false;flush();this.r();this.C();shared_socket(this.state.dev).connect();return this}
D(z){const cb=Array.from(document.head.childNodes).filter((a)=>a.nodeType===8);const[F,x]=[cb.find((bt)=>bt.data==="["),cb.findLast((bt)=>bt.data==="]")];show_root(document.head,F.nextSibling,x,()=>this.module.head(z))}
j(j){this.shown.push(j)}
r(){for(const j of this.shown.splice(0))j()}
schedule(aN){const cA=()=>{aN();this.r();this.s()};if(document.visibilityState==="hidden")setTimeout(cA,16);else requestAnimationFrame(cA)}
cell(r,aD){return this.cells.get(r)??this.A(r,aD)}
A(r,aD){const[t,dW]=Array.isArray(aD)?aD:[aD];const{cells:af={}}=this.state,C=this.codec(t),ac=this.kept[r];let e=af[r];if(ac?.[0]===t)e=ac[1];const O=signal(e===undefined?null:C.read(e,r));O.type=t;this.cells.set(r,O);if(!Array.isArray(aD))return O;page_hooks.async_cell(this,O,r,dW);return O}
live(ag,d,f,ah){const p=f===""?String(ag):`${ag}@${f}`;let v=this.lives.get(p);if(v===undefined){this.lives.set(p,(v=new cQ(d.type,this.codec,this.values[p])));Object.assign(v,{key:p,inputs:ah,users:0});delete this.values[p]}
v.users++;on_cleanup(()=>{if(--v.users===0)this.j(()=>v.users===0&&this.lives.delete(p))});return v}
watch(z){for(const{name:b,get,type:t}of z.inputs()){const r=z.address(b),C=this.codec(t),E={sent:undefined,call:0,get,codec:C};const Y=(this.state.cells??{})[r];this.watched.set(r,E);effect(()=>{E.json=C.E(get());const text=JSON.stringify(E.json);if(E.sent===undefined)E.sent=Y===undefined?text:JSON.stringify(Y);if(E.sent!==text)this.news.set[r]=E;else delete this.news.set[r]},true);on_cleanup(()=>{this.watched.delete(r);delete this.news.set[r]})}}
e(z){return Object.fromEntries(z.inputs().map(({name:b,get,type:t})=>[b,this.codec(t).write(get())]))}
s(){const{set,open:dM,close:bn}=this.news,as=Object.keys(set),bz=Object.values(dM);if(as.length+bz.length+bn.length===0)return;this.news={set:{},open:{},close:[]};this.n++;const h={action:"cells",n:this.n};if(as.length>0)h.set=Object.fromEntries(as.map((r)=>[r,set[r].json]));if(bz.length>0)h.open=Object.fromEntries(bz.map((z)=>[z.path,this.e(z)]));if(bn.length>0)h.close=bn;for(const r of as){set[r].sent=JSON.stringify(set[r].json);set[r].call=this.calls.o}
for(const v of this.lives.values())if(v.inputs.some((r)=>as.includes(r)))v.need=this.n;if(this.adopted)shared_socket().send(h)}
C(){this.news.open={};if(Object.keys(this.news.set).length>0)this.s()}
adopt(){const h={action:"page",token:this.token,build:this.module.build};if(![...this.lives.values()].some((v)=>v.have<v.need))h.seq=this.seq;h.n=this.n;if(!this.first)h.last=this.calls.f;this.first=false;const af=this.e(this.root);if(Object.keys(af).length>0)h.cells=af;if(this.opened.size>0)h.open=Object.fromEntries([...this.opened].map(([R,z])=>[R,this.e(z)]));page_hooks.adopt?.(this,h);shared_socket().send(h)}
lost(){this.adopted=false}
receive(h){const ap=this[`on_${h.type}`],c5=page_hooks.messages[h.type];batch(()=>(ap?ap.call(this,h):c5?.(this,h)));return true}
on_page(h){const{recovered:dR,seq:bL,n:Q=0,live:bs={}}=h;this.adopted=true;this.seq=bL;if(!dR)this.d(Object.entries(bs).map(([p,c])=>[p,[["=",c]],Q]));page_hooks.page?.(this,h);this.calls.resume()}
on_live({seq:bL,set}){this.seq=bL;this.d(set)}
d(am){for(const[p,aV,Q=0]of am){const v=this.lives.get(p);if(v===undefined){if(aV[0]?.[0]==="=")this.values[p]=aV[0][1]}else if(Q>=v.need){v.have=Math.max(v.have,Q);v.apply(aV)}}}
on_result(h){this.calls.result(h)}
u(r,e,ag){const O=this.cells.get(r),aZ=this.watched.get(r);if(aZ&&aZ.call<ag)aZ.sent=JSON.stringify(e);else if(aZ)aZ.sent=null;O?.set(this.codec(O.type).read(e,r))}
on_signal({handler:b5,args:a4=[]}){const aN=this.module.signals?.[b5];if(aN)aN(this.root,...a4);else this.calls.call(this.root,b5,a4,null).catch(hooks.report)}
on_reload({reason:ci}){if(ci==="build"||ci==="token"){const af={};for(const[r,O]of this.cells)if(!O.async)af[r]=[O.type,this.codec(O.type).write(O.peek())];sessionStorage.setItem(bl,JSON.stringify({build:this.module.build,page:this.state.page,cells:af}))}
ck()}
on_error({code:ak,message:h,action:c4}){if(c4!=="subscribe")hooks.report(new FlinError(ak,h))}
call(z,d,ah,o){return this.calls.call(z,d,ah,o)}
end(){this.dispose();this.calls.end()}}
function co(P){const{build:Z}=JSON.parse(document.getElementById("flin-state").textContent);if(Z!==P.build)return void ck();leave_page();al=new cW(P);return al.start()}
function leave_page(){al?.end();al=null}
function page(P){if(al===null)co(P);return{module:P,show:()=>co(P)}}
parties.push({opened:()=>al?.adopt(),lost:()=>al?.lost(),message:(h)=>al?.receive(h)});hooks.endless=()=>new FlinError("R0019","updates do not end");hooks.report=(l)=>{const o=new CustomEvent("flin:error",{detail:l,cancelable:true});if(document.dispatchEvent(o))console.error(l.code?`${l.code}: ${l.message}`:l)};
export{FlinError,Instance,Row,add_int,attribute_kinds,basic_codecs,batch,block,call_hooks,cannot_cross,clear_nodes,codec_library,computed,controls,converted,current_instance,current_page,delays,each,edit_clock,effect,el,eq,exact_keys,fail,fixed_block,flush,hooks,in_path,inner_text,inspect,int_result,is_int,is_object,items_of,leave_page,mod_int,mul_int,must,neg_int,note_edit,on_cleanup,page,page_hooks,parties,quoted,read_int,read_items,row_class,run_in,same,scope,set_attribute,shared_socket,show_root,signal,step_below,sub_int,text,to_text,touch,track,truthy,type_of,untracked,when,write_int};
