(function(){
'use strict';
var root=document.documentElement;
root.classList.add('scripted');
function each(list,f){Array.prototype.forEach.call(list,f)}
function save(name,type,text){
var a=document.createElement('a'),url=URL.createObjectURL(new Blob([text],{type:type}));
a.href=url;a.download=name;document.body.appendChild(a);a.click();a.remove();
setTimeout(function(){URL.revokeObjectURL(url)},1000);
}
// Colours.
function stored(){try{return localStorage.getItem('swathe-theme')}catch(e){return null}}
var theme=stored();
if(theme==='dark'||theme==='light')root.dataset.theme=theme;
document.getElementById('theme').addEventListener('click',function(){
var dark=root.dataset.theme?root.dataset.theme==='dark':matchMedia('(prefers-color-scheme: dark)').matches;
root.dataset.theme=dark?'light':'dark';
try{localStorage.setItem('swathe-theme',root.dataset.theme)}catch(e){}
});
document.getElementById('save').addEventListener('click',function(){
save('report.json','application/json',document.getElementById('answer').textContent+'\n');
});
// Sorting: numbers the greatest first, words from A.
each(document.querySelectorAll('thead th'),function(th){
if(th.classList.contains('bar'))return;
var button=document.createElement('button'),table=th.closest('table');
button.type='button';button.textContent=th.textContent;
th.textContent='';th.appendChild(button);th.setAttribute('aria-sort','none');
button.addEventListener('click',function(){
var body=table.tBodies[0],at=th.cellIndex,number=th.classList.contains('n');
var was=th.getAttribute('aria-sort'),up=was==='none'?!number:was==='descending';
each(table.querySelectorAll('thead th[aria-sort]'),function(o){o.setAttribute('aria-sort','none')});
th.setAttribute('aria-sort',up?'ascending':'descending');
function key(row){var c=row.cells[at];if(!number)return label(c);return c.dataset.v===undefined?-Infinity:+c.dataset.v}
Array.from(body.rows).map(function(r){return[key(r),r]}).sort(function(a,b){
var o=a[0]>b[0]?1:a[0]<b[0]?-1:0;return up?o:-o;
}).forEach(function(p){body.appendChild(p[1])});
});
});
function label(cell){return(cell.querySelector('summary')||cell).textContent}
// Filtering.
each(document.querySelectorAll('[data-filter]'),function(input){
var table=document.getElementById(input.dataset.filter);
input.addEventListener('input',function(){
var what=input.value.toLowerCase();
each(table.tBodies[0].rows,function(r){r.hidden=r.textContent.toLowerCase().indexOf(what)<0});
});
});
// Copying.
function csv(table){
return Array.from(table.rows).filter(function(r){return!r.hidden&&r.parentNode.tagName!=='TFOOT'}).map(function(r){
return Array.from(r.cells).filter(function(c){return!c.classList.contains('bar')}).map(function(c){
var t=c.dataset.v!==undefined?c.dataset.v:label(c);
if(/^[=+\-@\t\r]/.test(t)&&isNaN(+t))t="'"+t;
return /[",\r\n]/.test(t)?'"'+t.replace(/"/g,'""')+'"':t;
}).join(',');
}).join('\r\n')+'\r\n';
}
each(document.querySelectorAll('[data-copy]'),function(button){
button.addEventListener('click',function(){
var text=csv(document.getElementById(button.dataset.copy)),said=button.textContent;
function done(word){button.textContent=word;setTimeout(function(){button.textContent=said},1500)}
function byHand(){
var area=document.createElement('textarea');area.value=text;document.body.appendChild(area);area.select();
var ok=false;try{ok=document.execCommand('copy')}catch(e){}
area.remove();if(ok)done('Copied');else{save('table.csv','text/csv',text);done('Saved')}
}
if(navigator.clipboard)navigator.clipboard.writeText(text).then(function(){done('Copied')},byHand);else byHand();
});
});
// What a bar stands for.
var tip=document.createElement('div');
tip.id='tip';tip.hidden=true;document.body.appendChild(tip);
each(document.querySelectorAll('.chart rect>title'),function(title){
var bar=title.parentNode;bar.setAttribute('aria-label',title.textContent);bar.dataset.t=title.textContent;title.remove();
});
document.addEventListener('pointermove',function(e){
var bar=e.target.closest?e.target.closest('[data-t]'):null;
tip.hidden=!bar;
if(!bar)return;
tip.textContent=bar.dataset.t;
var w=tip.offsetWidth,x=Math.min(e.clientX+12,innerWidth-w-6);
tip.style.left=Math.max(6,x)+'px';
tip.style.top=(e.clientY>60?e.clientY-tip.offsetHeight-10:e.clientY+16)+'px';
});
// What is printed is unfolded.
var opened=[];
addEventListener('beforeprint',function(){
each(document.querySelectorAll('table details:not([open])'),function(d){d.open=true;opened.push(d)});
});
addEventListener('afterprint',function(){opened.forEach(function(d){d.open=false});opened=[]});
})();
