import{FlinError,Instance,Row,add_int,attribute_kinds,basic_codecs,batch,block,call_hooks,cannot_cross,clear_nodes,codec_library,controls,converted,current_instance,current_page,delays,effect,eq,exact_keys,fail,fixed_block,flush,hooks,in_path,inner_text,int_result,is_int,is_object,leave_page,mod_int,must,neg_int,on_cleanup,page_hooks,parties,read_int,read_items,run_in,set_attribute,shared_socket,signal,step_below,sub_int,to_text,touch,track,type_of,untracked,write_int}from"/_flin/runtime.js";
class aG{constructor(b){this.value=b}
flin_same(p){return p instanceof this.constructor&&p.value===this.value}}
class Time extends aG{get flin_kind(){return"time"}
flin_text(){return new Date(this.value).toISOString()}}
class Duration extends aG{get flin_kind(){return"duration"}
flin_text(){let D=Math.abs(this.value);const an=[];for(const[U,aB]of[["d",864e5],["h",36e5],["m",6e4],["s",1e3],["ms",1]]){const v=Math.floor(D/aB);D-=v*aB;if(v>0)an.push(v+U)}
return(this.value<0?"-":"")+(an.join(" ")||"0ms")}}
const aX={0:"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",3:"BHD IQD JOD KWD LYD OMR TND",4:"CLF UYW"};function decimals_of(R){for(const v in aX)if(aX[v].includes(R))return+v;return 2}
class Money extends aG{get flin_kind(){return"money"}
constructor(aP,R){super(aP);this.currency=R}
get minor(){return this.value}
get amount(){return this.value/10**decimals_of(this.currency)}
a(){const v=decimals_of(this.currency),aJ=String(Math.abs(this.value)).padStart(v+1,"0"),a4=aJ.length-v;return(this.value<0?"-":"")+aJ.slice(0,a4)+(v?"."+aJ.slice(a4):"")}
flin_same(p){return super.flin_same(p)&&p.currency===this.currency}
flin_text(){return this.a()+" "+this.currency}}
class Regex{get flin_kind(){return"regex"}
constructor(br,a8){this.source=br;this.flags=a8;this.compiled=new RegExp(br,a8+"gu")}
flin_text(){return`/${this.source}/${this.flags}`}}
class View{get flin_kind(){return"view"}
constructor(html){this.html=html}
flin_text(){return this.html}}
class FlinFile{get flin_kind(){return"file"}
constructor(W,bC=null){Object.assign(this,W);this.blob=bC}
flin_text(){return this.name??""}}
class Tuple{get flin_kind(){return"tuple"}
constructor(...bS){this.items=bS}
flin_text(){return`(${this.items.map(inner_text).join(", ")})`}
flin_equal(p){return p instanceof Tuple&&eq(this.items,p.items)}}
class Variant{get flin_kind(){return this.type}
constructor(h,c,ag=[],bR=0){this.type=h;this.name=c;this.values=ag;this.index=bR}
flin_same(p){const{type:h,name:c,values:ag}=this;return p instanceof Variant&&p.type===h&&p.name===c&&ag.every((g,j)=>g===p.values[j])}
flin_equal(p){return p instanceof Variant&&p.type===this.type&&p.name===this.name&&eq(this.values,p.values)}
flin_text(){return this.name+(this.values.length?`(${this.values.map(inner_text).join(", ")})`:"")}}
class FlinMap{get flin_kind(){return"map"}
constructor(b2=[]){this.entries=new Map();for(const[f,b]of b2)this.entries.set(Z(f),[f,b])}
get size(){return track(this).entries.size}
has(f){return track(this).entries.has(Z(f))}
get(f){return track(this).entries.get(Z(f))?.[1]??null}
set(f,b){const bb=Z(f),S=this.entries.get(bb);if(S===undefined)this.entries.set(bb,[f,b]);else S[1]=b;touch(this)}
delete(f){if(this.entries.delete(Z(f)))touch(this)}
assign(p){this.entries=new Map(p.entries);touch(this)}
flin_text(){return`[${Array.from(this,([aj,g])=>`${inner_text(aj)}: ${inner_text(g)}`).join(", ")||":"}]`}
flin_equal(p){if(!(p instanceof FlinMap)||this.size!==p.size)return false;for(const[f,b]of this)if(!p.has(f)||!eq(b,p.get(f)))return false;return true}
flin_items(){return Array.from(this,([f])=>f)}
[Symbol.iterator](){return track(this).entries.values()}}
function Z(f){if(typeof f==="string")return f[0]==="\0"?"\0"+f:f;if(typeof f!=="object"||f===null)return f;if(f instanceof Tuple)return"\0("+JSON.stringify(f.items.map((H)=>[typeof H,Z(H)]));if(f instanceof Variant)return"\0e"+f.type+"."+f.name;return"\0t"+f.value}
function b3(text){let o=0;function bT(F){const s=[];while(text[o]!==F){s.push(ar());if(text[o]===",")o++}
o++;return s}
function ce(){if(text[o]==="["){o++;const H=ar();if(text[o++]==="]")return["list",H];const b=ar();o++;return["map",H,b]}
if(text[o]==="("){o++;const s=bT(")");if(!text.startsWith("->",o))return s.length===1?s[0]:["tuple",...s];o+=2;ar();return["function"]}
const[c]=/^[\w$]+(<[^>]*>)?/.exec(text.slice(o))??[text.slice(o)];o+=c.length;return[c]}
function ar(){const ax=[];do{if(text[o]==="|")o++;let h=ce();for(;text[o]==="?";o++)if(h[0]!=="optional"&&h[0]!=="any"&&h[0]!=="none")h=["optional",h];ax.push(h)}while(text[o]==="|");return ax.length===1?ax[0]:["union",...ax]}
const h=ar();if(o!==text.length||o===0)throw new Error(`bad type text: ${text}`);return h}
const bh=(by,ch)=>({read:(i,c)=>new by(read_int(i,c,ch)),write:(g)=>write_int(g.value)});const aY=(s)=>s.every((l)=>typeof l==="string");const bW={read(i,c){const[aP,R]=read_items(i,c,"money",2);must(typeof R==="string"&&/^[A-Z]{3}$/.test(R),c,"money");return new Money(read_int(aP,c,"money"),R)},write:(g)=>[write_int(g.value),g.currency]};const b8={read(i,c){must(aY(read_items(i,c,"regex",2)),c,"regex");return new Regex(i[0],i[1])},write:(g)=>[g.source,g.flags]};const n={read:(i,c)=>(must(typeof i==="string",c,"view"),new View(i)),write:()=>cannot_cross("view")};const B={read(i,c){const{message:y,code:V="",fields:W={}}=exact_keys(i,["message","code","fields"],c,"error");must(typeof y==="string"&&typeof V==="string"&&is_object(W)&&aY(Object.values(W)),c,"error");return new FlinError(V,y,i.fields??null)},write:(g)=>({message:g.message,...(g.code&&{code:g.code}),...(g.fields&&{fields:g.fields})})};const aL={read(i,c){exact_keys(i,["name","size","type","url"],c,"file");must(typeof i.url==="string",c,"file");for(const f in i)must(typeof i[f]===(f==="size"?"number":"string"),c,"file");return new FlinFile(i)},write:(g)=>(g.blob?{$f:g}:{url:g.url})};Object.assign(basic_codecs,{time:bh(Time,"time"),duration:bh(Duration,"duration"),money:bW,regex:b8,view:n,error:B,file:aL});function bV(f,b){return{read(i,c){const aO=new FlinMap();for(const b1 of read_items(i,c,"map")){const[aj,g]=read_items(b1,c,"map",2),be=f.read(aj,c);must(!aO.has(be),c,"map without a key twice");aO.set(be,b.read(g,c))}
return aO},write:(g)=>Array.from(g,([aj,l])=>[f.write(aj),b.write(l)])}}
function cg(aN){return{read:(i,c)=>new Tuple(...read_items(i,c,"tuple",aN.length).map((l,j)=>aN[j].read(l,c))),write:(g)=>g.items.map((l,j)=>aN[j].write(l))}}
function bL(h,aE,A){const bX=Object.keys(aE);return{read(i,c){const[as,...ag]=Array.isArray(i)?i:[i];must(typeof as==="string"&&Object.hasOwn(aE,as),c,h);const aS=aE[as];must(ag.length===aS.length&&Array.isArray(i)===aS.length>0,c,h);return new Variant(h,as,ag.map((g,j)=>A(aS[j]).read(g,c)),bX.indexOf(as))},write:(g)=>(g.values.length>0?[g.name,...g.values.map((l,j)=>A(aE[g.name][j]).write(l))]:g.name)}}
function bP(av){return{read:(i,c)=>(must(typeof i==="string"&&Object.hasOwn(av,i),c,"function"),av[i]),write:(g)=>g.flin_name??cannot_cross("function")}}
codec_library.parse=b3;codec_library.compose=(I,an,bf,A,aD,av)=>{if(I==="map")return bV(...an.map(bf));if(I==="tuple")return cg(an.map(bf));if(I==="function")return bP(av);if(aD[I]===undefined)throw new Error(`unknown type: ${I}`);return bL(I,aD[I],A)};const bB=["time","duration","money","error","file","regex","view"];codec_library.read_tagged=(i,c,A,aD)=>{exact_keys(i,["$t","v"],c,"a value");const{$t:u,v:g}=i;must(typeof u==="string"&&"v"in i,c,"a value");if(u==="map")return A("[any:any]").read(g,c);if(u==="tuple")return new Tuple(...read_items(g,c,"tuple").map((l)=>A("any").read(l,c)));must(bB.includes(u)||u==="function"||Object.hasOwn(aD,u),c,"a value");return A(u==="function"?"()->any":u).read(g,c)};codec_library.write_tagged=(g,A)=>{const u=typeof g==="function"?"function":g.flin_kind;if(u==="map")return{$t:u,v:A("[any:any]").write(g)};if(u==="tuple")return{$t:u,v:g.items.map((l)=>A("any").write(l))};if(u===undefined)return cannot_cross("object");return{$t:u,v:A(u==="function"?"()->any":u).write(g)}};function wrong_type(bN,b){return fail("R0006",`expected ${bN}, found ${type_of(b)}`)}
function expect_number(b){return typeof b==="number"?b:wrong_type("number",b)}
function expect_int(b){return is_int(b)?b:wrong_type("int",b)}
function expect_text(b){return typeof b==="string"?b:wrong_type("text",b)}
const r=(b)=>typeof b==="number";const bd=(b)=>b===null||typeof b!=="object"||b.flin_same!==undefined;function az(a,d){if(a.currency!==d.currency)fail("R0017",`currencies differ: ${a.currency} and ${d.currency}`)}
function a9(l){const M=Math.floor(l),D=l-M;return D>0.5||(D===0.5&&M%2!==0)?M+1:M}
const aW=(l)=>int_result(Math.sign(l)*Math.floor(Math.abs(l)+0.5));function add(a,d){if(r(a)&&r(d))return a+d;if(typeof a==="string"||typeof d==="string"){if(bd(a)&&bd(d))return to_text(a)+to_text(d)}else if(a instanceof Money&&d instanceof Money){az(a,d);return new Money(add_int(a.value,d.value),a.currency)}else if(d instanceof Duration&&(a instanceof Time||a instanceof Duration)){return new a.constructor(add_int(a.value,d.value))}else if(a instanceof Duration&&d instanceof Time){return new Time(add_int(a.value,d.value))}
return wrong_type(type_of(a),d)}
function sub(a,d){if(r(a)&&r(d))return a-d;if(a instanceof Money&&d instanceof Money){az(a,d);return new Money(sub_int(a.value,d.value),a.currency)}
if(d instanceof Duration&&(a instanceof Time||a instanceof Duration))return new a.constructor(sub_int(a.value,d.value));if(a instanceof Time&&d instanceof Time)return new Duration(sub_int(a.value,d.value));return wrong_type(type_of(a),d)}
function mul(a,d){if(r(a)&&r(d))return a*d;if(r(a))return mul(d,a);if(r(d)&&a instanceof Money)return new Money(int_result(a9(a.value*d)),a.currency);if(r(d)&&a instanceof Duration)return new Duration(aW(a.value*d));return wrong_type("number",a)}
function div(a,d){if(r(a)&&r(d))return a/d;if(a instanceof Money&&d instanceof Money){az(a,d);return a.value/d.value}
if(a instanceof Duration&&d instanceof Duration)return a.value/d.value;if(r(d)&&a instanceof Money)return new Money(int_result(a9(a.value/d)),a.currency);if(r(d)&&a instanceof Duration)return new Duration(aW(a.value/d));return wrong_type("number",r(a)?d:a)}
function mod(a,d){return is_int(a)&&is_int(d)?mod_int(a,d):expect_number(a)%expect_number(d)}
function pow(a,d){if(expect_number(a)===1||(a===-1&&Math.abs(expect_number(d))===Infinity))return 1;return a**expect_number(d)}
function neg(a){if(r(a))return-a;if(a instanceof Duration)return new Duration(neg_int(a.value));return a instanceof Money?new Money(neg_int(a.value),a.currency):wrong_type("number",a)}
function span(v,aB){return new Duration(aW(v*aB))}
const ne=(a,d)=>!eq(a,d);const bn=(U)=>(U>=0xe000?U-0x800:U>=0xd800?U+0x2000:U);function compare(a,d){if(r(a)&&r(d))return a<d?-1:a>d?1:a===d?0:NaN;if(typeof a==="string"&&typeof d==="string"){const F=Math.min(a.length,d.length);for(let j=0;j<F;j++){const l=a.charCodeAt(j),bx=d.charCodeAt(j);if(l!==bx)return bn(l)<bn(bx)?-1:1}
return Math.sign(a.length-d.length)}
if(a?.flin_same&&!(a instanceof Variant)&&a.constructor===d?.constructor){if(a instanceof Money)az(a,d);return Math.sign(a.value-d.value)}
return wrong_type(type_of(a),d)}
const lt=(a,d)=>compare(a,d)<0;const le=(a,d)=>compare(a,d)<=0;const gt=(a,d)=>compare(a,d)>0;const ge=(a,d)=>compare(a,d)>=0;const bz=/[\ud800-\udbff][\udc00-\udfff]/;function points(text){return bz.test(text)?Array.from(text):text}
function concat(a,d){return Array.isArray(a)&&Array.isArray(d)?[...track(a),...track(d)]:to_text(a)+to_text(d)}
function is_in(H,m){if(typeof m==="string")return m.includes(expect_text(H));if(Array.isArray(m))return track(m).some((l)=>eq(l,H));return m instanceof FlinMap?m.has(H):wrong_type("list",m)}
function position(m,j,I="list"){const o=expect_int(j)<0?j+m.length:j;return o>=0&&o<m.length?o:fail("R0011",`index ${j} is out of range (${I} of ${m.length})`)}
function get_index(m,j){if(typeof m==="string"){const s=points(m);return s[position(s,j,"text")]}
if(Array.isArray(m))return track(m)[position(m,j)]??null;if(m instanceof FlinMap)return m.get(j);return m===null?fail("R0007","none has no member '[]'"):wrong_type("list",m)}
function set_index(m,j,b){if(m instanceof FlinMap)m.set(j,b);else if(Array.isArray(m)){m[position(m,j)]=b;touch(m)}else wrong_type("list",m)}
function slice(m,aU=null,F=null,ap=null){const aw=typeof m==="string",s=aw?points(m):Array.isArray(m)?track(m):wrong_type("list",m);const K=ap??1,v=s.length;if(K===0)fail("R0014","invalid argument: step is 0");const M=K>0?0:-1,aM=K>0?v:v-1;const a3=(l,aR)=>(l===null?aR:Math.max(M,Math.min(aM,l<0?l+v:l)));const from=a3(aU,K>0?M:aM),Q=a3(F,K>0?aM:M);if(K===1)return aw&&Array.isArray(s)?s.slice(from,Q).join(""):Q>from?s.slice(from,Q):aw?"":[];const ad=[];for(let j=from;K>0?j<Q:j>Q;j+=K)ad.push(s[j]);return aw?ad.join(""):ad}
function range(a,d){return int_range(a,d+1)}
function int_range(a,d,ap=1){if(ap===0)fail("R0014","invalid argument: step is 0");const ad=[];for(let j=a;ap>0?j<d:j>d;j+=ap)ad.push(j);return ad}
function member(b,c){if(b instanceof FlinMap)return b.get(c);if(b instanceof Tuple&&c in b.items)return b.items[c];if(b===null||b===undefined)return fail("R0007",`none has no member '${c}'`);if(typeof b==="object"&&(c in b||(b instanceof Row&&c in b.$fields)))return b[c]??null;return fail("R0008",`${type_of(b)} has no member '${c}'`)}
function set_member(b,c,Q){if(b instanceof FlinMap)b.set(c,Q);else if(b instanceof Row&&c in b.$fields)b[c]=Q;else if(b===null)fail("R0007",`none has no member '${c}'`);else fail("R0008",`${type_of(b)} has no member '${c}'`)}
function attempt(q){try{return q()}catch(B){return B instanceof FlinError?B:new FlinError("R0501",String(B.message??B))}}
const T=(ac,x)=>converted(ac.value,x)??ac.value;const bv=(k)=>k.checked!==k.defaultChecked;const bg=(k)=>k.checked&&k.setAttribute("checked","");Object.assign(controls,{checkbox:{read(k,b,x){if(!Array.isArray(b))return k.checked;const am=T(k,x),D=b.filter((l)=>!eq(l,am));return k.checked?[...D,am]:D},show:(k,b,x)=>(k.checked=Array.isArray(b)?b.some((l)=>eq(l,T(k,x))):!!b),touched:bv,first:bg},radio:{read:(k,b,x)=>(k.checked?T(k,x):undefined),show:(k,b,x)=>(k.checked=eq(T(k,x),b)),touched:(k)=>k.checked&&bv(k),first:bg},select:{read(k,b,x){if(!k.multiple)return T(k,x);return Array.from(k.options).filter((O)=>O.selected).map((O)=>T(O,x))},show(k,b,x){for(const ac of k.options){const am=T(ac,x),bi=Array.isArray(b)?b.some((l)=>eq(l,am)):to_text(am)===to_text(b);if(ac.selected!==bi)ac.selected=bi}},touched(k){const bk=Array.from(k.options);return bk.some((O)=>O.defaultSelected)&&bk.some((O)=>O.selected!==O.defaultSelected)},first(){}}});controls.file={read(k){const X=Array.from(k.files,(au)=>new FlinFile({name:au.name,size:au.size,type:au.type,url:""},au));return k.multiple?X:(X[0]??null)},show(k,b){if(b===null||b.length===0)k.value=""},touched:(k)=>k.files?.length>0,first(){}};function ba(b){if(Array.isArray(b))return track(b).map(ba).join("");if(b?.flin_kind==="view")return b.html;return b===false?"":to_text(b).replace(/[&<>"']/g,(bE)=>`&#${bE.charCodeAt(0)};`)}
function html(q){return block((aU,F,ah)=>{effect(()=>{const al=ba(q());if(!ah){clear_nodes(aU.nextSibling,F);const bt=document.createElement("template");bt.innerHTML=al;F.parentNode.insertBefore(bt.content,F)}
ah=false})})}
attribute_kinds["..."]=(a6,ah,q)=>{let aZ=[];effect(()=>{const al=[];for(const[c,b]of q()??[]){if(/^on/i.test(c)||typeof b==="function")console.warn("FLIN: an event in a spread is left out:",c);else if(!ah)set_attribute(a6,c,b);al.push(c)}
for(const c of aZ)if(!al.includes(c))a6.removeAttribute(c);aZ=al;ah=false})};const J=new Map();function debounce(f,q,ab=300){clearTimeout(J.get(f));J.set(f,setTimeout(()=>{J.delete(f);q()},ab))}
function throttle(f,q,ab=300){const bo=J.get(f);if(bo!==undefined)return void(bo.last=q);const S={last:null};J.set(f,S);q();S.timer=setTimeout(()=>{J.delete(f);if(S.last!==null)throttle(f,S.last,ab)},ab)}
function bO(f){clearTimeout(J.get(f)?.timer??J.get(f));J.delete(f)}
for(const[c,bH]of[["debounce",debounce],["throttle",throttle]])delays[c]=(N,ab)=>{const f={};on_cleanup(()=>bO(f));return(G)=>bH(f,()=>N(G),ab)};function b0(n,t){on_cleanup(()=>{for(const z of n.cells.keys())if(z.startsWith(`${t.path}.`))n.cells.delete(z)});if(t.inputs().length===0)return;n.watch(t);n.opened.set(t.path,t);n.news.open[t.path]=t;on_cleanup(()=>{n.opened.delete(t.path);if(t.path in n.news.open)delete n.news.open[t.path];else n.news.close.push(t.path)})}
function component(aa){return aa}
function use(cc,aa,b7={},aT={}){const bl=current_instance();const bG=Object.fromEntries(Object.entries(aT).map(([c,q])=>[c,(ae)=>run_in(ae,bl,q)]));return fixed_block(in_path(()=>{const ae=step_below(`c${cc}`),{view:n}=bl,t=new Instance(n,aa,ae,b7,bG);return run_in(ae,t,()=>{if(!n.adopting)untracked(()=>aa.init?.(t));b0(n,t);const bY=aa.view(t);aa.setup?.(t);return bY})}),)}
function slot(b4,c,aR){const{slots:aT,path:ae}=current_instance();return fixed_block(in_path(()=>{const bw=aT[c];return bw?bw(`${ae}/s${b4}`):(aR?.()??[])}))}
function bM(G){const aq=G.target??{},Y=G.currentTarget?.localName==="form"?G.currentTarget:aq.form;const of={id:aq.id??"",name:aq.name??"",value:aq.value??"",checked:!!aq.checked};const W=Y?Array.from(new FormData(Y)).filter(([c,g])=>typeof g==="string"&&!c.startsWith("_flin_")):[];return{type:G.type,value:of.value,checked:of.checked,key:G.key??null,x:G.clientX??0,y:G.clientY??0,form:W,target:of}}
function cf(C,ao){if(Array.isArray(C)){C.splice(0,C.length,...ao);touch(C)}else if(C?.flin_items)C.assign(ao);else if(C instanceof Row){C.$edits.clear();C.$version=ao.$version;for(const aK in ao.$values){C.$values[aK]=ao.$values[aK];touch(C,aK)}}}
function bD(y){const X=[];const i=JSON.stringify(y,(f,b)=>(b?.$f instanceof FlinFile?{$f:X.push(b.$f.blob)-1}:b));if(X.length===0)return i;const Y=new FormData();Y.append("call",i);X.forEach((aL,j)=>Y.append(`f${j}`,aL));return Y}
async function b5(a1,aH){const a0=bD({token:a1.view.token,...aH.message});const bQ=typeof a0==="string"?{"content-type":"application/json"}:{};try{const ai=await fetch("/_action",{method:"POST",headers:bQ,body:a0});if(ai.status===204)return;const cb=await ai.json();batch(()=>a1.result(cb))}catch{aH.sent=false;aH.message.retry=true}}
Object.assign(call_hooks,{event:bM,take:cf,post:b5});const aF={state:"idle"};function make_async(e){const aC=signal(aF),set=e.set;const ay=(b,N)=>batch(()=>{set(b);aC.set(N)});e.async={status:aC,previous:null,before:null,turn:0,operation:null,loading:()=>ay(null,{state:"loading"}),idle:(b)=>ay(b,aF),success(b){this.previous=b;ay(b,{state:"success"})},error:(V,y)=>ay(null,{state:"error",code:V,message:y})};e.set=(b)=>{e.async.turn++;e.async.operation=null;e.async.idle(b)};return e}
function start_async(e,bj){const w=e.async,bu=++w.turn;w.before=[e.peek(),w.status.peek()];w.operation=bj;w.loading();return Promise.resolve().then(bj).then((b)=>bu===w.turn&&w.success(b??null),(B)=>bu===w.turn&&w.error(B?.code??"",String(B?.message??B)),)}
function received_async(e,h,[P,...D]){if(P==="success"||P==="idle")e.async[P](h.read(D[0]??null));else e.async[P](...D)}
const af=(e)=>e.async?.status()??aF;const is_loading=(e)=>af(e).state==="loading";const is_error=(e)=>af(e).state==="error";const is_idle=(e)=>af(e).state==="idle";const is_ready=(e)=>af(e).state==="success";const error_message=(e)=>af(e).message??"";const previous=(e)=>(af(e),e.async?.previous??null);function retry(e){if(e.remote)e.remote("retry");else if(e.async?.operation)start_async(e,e.async.operation)}
function cancel(e){if(e.remote)return e.remote("cancel");const w=e.async;if(!w?.before||!is_loading(e))return;w.turn++;const[b,aC]=w.before;w.idle(b);w.status.set(aC)}
page_hooks.async_cell=(n,e,z,cd)=>{make_async(e);if(cd)e.remote=(bZ)=>shared_socket().send({action:"async",cell:z,op:bZ});const a7=n.state.async?.[z];if(a7)received_async(e,n.codec(e.type),a7)};page_hooks.adopt=(n,y)=>{const bm=[...n.cells].filter(([,e])=>e.remote&&e.async.status.peek().state==="loading");if(bm.length>0)y.pending=bm.map(([z])=>z)};page_hooks.page=(n,{async={}})=>{for(const z in async)received_async(n.cells.get(z),n.codec(n.cells.get(z).type),async[z])};page_hooks.messages.async=(n,{cell:z,state:P,value:b,code:V,message:y})=>{const e=n.cells.get(z);if(e?.async)received_async(e,n.codec(e.type),P==="error"?[P,V,y]:[P,b])};const E=new Map();const ak=new Map();function bs(h){const bq=E.get(h);return{action:"subscribe",type:h,...(bq!==null&&{since:bq})}}
function b9(){for(const h of E.keys())shared_socket().send(bs(h))}
function bK(y){const{type:h,entity_type:L,seq:aA}=y;if(h==="subscribed"){if(!E.has(L))return true;if(E.get(L)===null||!y.recovered)E.set(L,aA)}else if(h==="unsubscribed")E.delete(L);else if(h==="entity_change")bJ(y);else return false;return true}
parties.push({opened:b9,message:bK});function bJ({entity_type:L,change:a2,entity:bI,seq:aA}){E.set(L,aA);for(const q of[...(ak.get(L)??[])])q({type:a2,change:a2,entity_type:L,entity:bI,seq:aA})}
function ws_connect(){shared_socket().connect()}
function ws_subscribe(h){ws_connect();if(E.has(h))return;E.set(h,null);shared_socket().send(bs(h))}
function ws_unsubscribe(h){if(E.delete(h))shared_socket().send({action:"unsubscribe",type:h})}
function on_entity_change(h,q){if(!ak.has(h))ak.set(h,new Set());ak.get(h).add(q);ws_subscribe(h);return()=>ak.get(h).delete(q)}
const bc=(aQ)=>Array.from(aQ.childNodes,(bF)=>document.importNode(bF,true));async function navigate(aV,ca=false){const ai=await fetch(aV,{headers:{accept:"text/html"}});const N=new DOMParser().parseFromString(await ai.text(),"text/html");const bp=N.querySelector('script[type="module"][src^="/_flin/page/"]');if(bp===null||!N.getElementById("flin-state"))return void location.assign(aV);const bU=await import(new URL(bp.getAttribute("src"),location.href).href);leave_page();document.head.replaceChildren(...bc(N.head).filter((aQ)=>aQ.localName!=="script"));document.body.replaceChildren(...bc(N.body));history[ca?"replaceState":"pushState"](null,"",ai.url||aV);const n=bU.default.show();if(shared_socket().is_open)n.adopt()}
const bA="position:fixed;inset:0;margin:0;padding:2rem;overflow:auto;z-index:2147483647;background:#1e1e1e;color:#fff";page_hooks.messages.diagnostics=(n,{text})=>{document.getElementById("flin-diagnostics")?.remove();if(!text)return;const at=document.createElement("pre");at.id="flin-diagnostics";at.textContent=text;at.setAttribute("style",bA);document.body.append(at)};hooks.mismatch=(B)=>current_page()?.state.dev&&console.warn("FLIN: the page differs from what its program calls for:",B.message);function aI(c){const n=current_page(),a5=n?.module.cells?.[c];if(a5===undefined)throw new Error(`this page has no variable '${c}'`);const e=n.cell(c,a5);return e.async?e:make_async(e)}
Object.assign(globalThis,{_flinAsync:(c,b6)=>start_async(aI(c),()=>b6),_flinIsLoading:(c)=>is_loading(aI(c)),_flinGetError:(c)=>error_message(aI(c)),_flinDebounce:debounce,_flinThrottle:throttle,_flinWsConnect:ws_connect,_flinWsSubscribe:ws_subscribe,_flinWsUnsubscribe:ws_unsubscribe,_flinOnEntityChange:on_entity_change,_flinUpdate:flush});
export{Duration,FlinFile,FlinMap,Money,Regex,Time,Tuple,Variant,View,add,attempt,cancel,compare,component,concat,debounce,decimals_of,div,error_message,expect_int,expect_number,expect_text,ge,get_index,gt,html,int_range,is_error,is_idle,is_in,is_loading,is_ready,le,lt,make_async,member,mod,mul,navigate,ne,neg,on_entity_change,points,position,pow,previous,range,received_async,retry,set_index,set_member,slice,slot,span,start_async,sub,throttle,use,wrong_type,ws_connect,ws_subscribe,ws_unsubscribe};
