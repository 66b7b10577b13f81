/*
 * report_style.c - the style sheet of the page: light and dark, on a phone, on
 * a desk and on paper.
 */
#include "report.h"

const char *const report_style[] = {
	":root{--bg:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#5c6779;"
	"--line:#dfe3ea;--ok:#1d7f56;--okbg:#e4f4ec;--due:#b42318;"
	"--duebg:#fdecea;--unknown:#8a5a00;--unknownbg:#fdf3dc;--now:#3457d5}",
	"@media(prefers-color-scheme:dark){:root{--bg:#10141b;--card:#191f29;"
	"--ink:#e6eaf2;--soft:#97a3b6;--line:#2b3442;--ok:#5cc795;"
	"--okbg:#12301f;--due:#ff8f85;--duebg:#3a1a19;--unknown:#f0c265;"
	"--unknownbg:#352a10;--now:#8aa4ff}}",
	"*{box-sizing:border-box}",
	"body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 "
	"system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,"
	"sans-serif;-webkit-text-size-adjust:100%}",
	"header,main,footer{max-width:1040px;margin:0 auto;padding:0 20px}",
	"header{margin-top:24px;padding:24px 28px;border-radius:14px;"
	"background:var(--okbg);max-width:1000px}",
	"header.due{background:var(--duebg)}",
	"header.unknown{background:var(--unknownbg)}",
	"header h1{margin:2px 0;font-size:clamp(22px,5vw,32px);"
	"line-height:1.2;color:var(--ok)}",
	"header.due h1{color:var(--due)}header.unknown "
	"h1{color:var(--unknown)}",
	"header p{margin:0;color:var(--soft)}",
	".brand{font-size:12px;letter-spacing:.08em;text-transform:uppercase}",
	".counts{display:flex;flex-wrap:wrap;gap:8px 28px;list-style:none;"
	"margin:16px 0 0;padding:0;color:var(--soft)}",
	".counts b{font-size:20px;color:var(--ink);"
	"font-variant-numeric:tabular-nums}",
	"section{background:var(--card);border:1px solid var(--line);"
	"border-radius:14px;padding:20px 24px;margin:20px 0}",
	"h2{font-size:17px;margin:0 0 14px}",
	"summary h2{display:inline}summary{cursor:pointer;margin-bottom:10px}",
	".kind{font-size:11px;letter-spacing:.05em;text-transform:uppercase;"
	"color:var(--soft)}",
	".name{overflow-wrap:anywhere}",
	"ul.due{list-style:none;margin:0;padding:0}",
	"ul.due li{display:grid;grid-template-columns:84px minmax(120px,1fr) "
	"2fr;gap:4px 14px;align-items:baseline;padding:10px 14px;"
	"border-left:4px solid var(--due);background:var(--duebg);"
	"border-radius:6px;margin:8px 0}",
	"ul.due li.unknown{border-color:var(--unknown);"
	"background:var(--unknownbg)}",
	".detail{overflow-wrap:anywhere}",
	".tree ul{list-style:none;margin:0;padding:0 0 0 22px}",
	".tree>ul{padding:0}",
	".tree li{position:relative;padding:5px 0}",
	".tree ul ul>li::before{content:'';position:absolute;left:-12px;top:0;"
	"bottom:0;border-left:2px solid var(--line)}",
	".tree ul "
	"ul>li::after{content:'';position:absolute;left:-12px;top:22px;"
	"width:12px;border-top:2px solid var(--line)}",
	".tree ul ul>li:last-child::before{bottom:auto;height:24px}",
	".node{display:inline-flex;flex-wrap:wrap;gap:0 12px;"
	"align-items:baseline;padding:5px 12px;border:1px solid var(--line);"
	"border-left:4px solid var(--ok);border-radius:8px;"
	"background:var(--card)}",
	".node.leaf{border-left-width:2px;font-size:14px}",
	".node.leaf strong{font-weight:500}",
	".node.due{border-color:var(--due);background:var(--duebg)}",
	".node.unknown{border-color:var(--unknown);"
	"background:var(--unknownbg)}",
	".node.more{border-left-color:var(--line);color:var(--soft)}",
	".until{color:var(--soft);font-size:13px;"
	"font-variant-numeric:tabular-nums}",
	".timeline{position:relative}",
	".axis{position:relative;height:20px;margin:0 112px 6px 220px;"
	"font-size:11px;color:var(--soft);overflow:hidden}",
	".axis span{position:absolute;white-space:nowrap;padding-left:4px;"
	"border-left:1px solid var(--line);line-height:20px}",
	".axis .now{color:var(--now);border-color:var(--now);font-weight:600;"
	"background:var(--card);z-index:1}",
	".timeline ol{list-style:none;margin:0;padding:0}",
	".timeline li{display:grid;grid-template-columns:220px 1fr 112px;"
	"align-items:center;padding:4px 0;border-top:1px solid var(--line)}",
	".timeline li.rest{display:block;color:var(--soft);padding:8px 0}",
	".what{padding-right:12px;min-width:0;line-height:1.25}",
	".what .kind{display:block}",
	".track{position:relative;height:26px}",
	".track i{position:absolute}",
	".bar{top:8px;height:10px;border-radius:5px;background:var(--ok)}",
	".due .bar{background:var(--due)}",
	".unknown .bar{background:var(--unknown)}",
	".today{top:0;bottom:0;width:2px;background:var(--now);opacity:.55;"
	"z-index:1}",
	".when{text-align:right;font-variant-numeric:tabular-nums;"
	"line-height:1.25}",
	".when small{display:block;color:var(--soft)}",
	".due .when small{color:var(--due);font-weight:600}",
	".scroll{overflow-x:auto}",
	"table{border-collapse:collapse;width:100%;font-size:13px}",
	"th{text-align:left;color:var(--soft);font-weight:500}",
	"th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);"
	"vertical-align:top}",
	".serial{font-family:ui-monospace,Menlo,Consolas,monospace;"
	"font-size:12px;overflow-wrap:anywhere;min-width:140px}",
	".date{white-space:nowrap}",
	".state{font-weight:600;color:var(--ok)}",
	"tr.due .state{color:var(--due)}tr.unknown "
	".state{color:var(--unknown)}",
	"footer{padding:4px 20px 40px;color:var(--soft);font-size:12px}",
	"@media(max-width:640px){header{margin:12px;padding:18px 20px}"
	"main{padding:0 12px}section{padding:16px;margin:12px 0}"
	"ul.due li{grid-template-columns:1fr}"
	".tree ul{padding-left:18px}"
	".axis{margin:0 0 4px}"
	".timeline li{grid-template-columns:1fr auto;padding:8px 0}"
	".track{grid-column:1/-1;grid-row:2}"
	"table,tbody,tr,td{display:block}thead{display:none}"
	"tr{padding:8px 0;border-bottom:1px solid var(--line)}"
	"td{border:0;padding:1px 0}td:empty{display:none}}",
	"@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;"
	"--line:#bbb;--ok:#1d7f56;--okbg:#fff;--due:#b42318;--duebg:#fff;"
	"--unknown:#8a5a00;--unknownbg:#fff;--now:#3457d5}"
	"body{font-size:11px}header{border:1px solid var(--line);margin-top:0}"
	"section{break-inside:auto;padding:8px 12px;margin:10px 0}"
	"li,tr{break-inside:avoid}"
	"*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}",
	NULL,
};
