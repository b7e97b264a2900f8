/// The styles of all pages.
enum StyleSheet {
    static let text = colours + base + frame + content + tables + plots + narrow

    private static let colours = """
        :root{color-scheme:light dark;--paper:#faf8f4;--card:#fff;--ink:#211d19;--soft:#6a625a;--line:#e2dcd2;--wash:#f2eee7;
        --accent:#8a4b2a;--link:#7a3e1d;--good:#1d6b45;--good-wash:#e3f1e8;--bad:#a32020;--bad-wash:#fae5e2;--doubt:#8a5a00;
        --doubt-wash:#fbeecf;--base:#3a5a86;--base-wash:#e6edf6;--none:#5d5852;--none-wash:#ece8e1;--focus:#1d5fbf}
        @media(prefers-color-scheme:dark){:root{--paper:#171513;--card:#1f1c19;--ink:#ece7e0;--soft:#a59c91;--line:#38332d;
        --wash:#26221e;--accent:#d79a72;--link:#e0ab87;--good:#7fd0a3;--good-wash:#18332480;--bad:#f3988d;--bad-wash:#4a1f1b80;
        --doubt:#e5bd63;--doubt-wash:#42330f80;--base:#9dbbe6;--base-wash:#1f304a80;--none:#b8b0a6;--none-wash:#332e2880;
        --focus:#8ab8ff}}

        """

    private static let base = """
        *,::before,::after{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
        body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
        "Noto Sans","Liberation Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.06em}
        a:hover{text-decoration-thickness:.12em}
        :focus-visible{outline:.15rem solid var(--focus);outline-offset:.15rem;border-radius:.2rem}
        h1,h2,h3{line-height:1.2;margin:0;font-weight:650;letter-spacing:-.01em}
        h1{font-size:clamp(1.45rem,1.1rem + 1.8vw,2.1rem)}h2{font-size:1.2rem}h3{font-size:1rem}
        p{margin:.5rem 0}
        code,pre,.digest{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono","Liberation Mono",monospace;
        font-size:.9em}
        .digest{white-space:nowrap}.digest.whole{white-space:normal;word-break:break-all}
        .hidden{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .skip{position:absolute;left:-99rem;top:0;background:var(--card);padding:.5rem 1rem;z-index:9}
        .skip:focus{left:0}

        """

    private static let frame = """
        .top{border-bottom:1px solid var(--line);background:var(--card)}
        .bar{max-width:76rem;margin:0 auto;padding:.6rem 1.25rem;display:flex;flex-wrap:wrap;align-items:center;
        gap:.5rem 1.5rem}
        .brand{display:flex;align-items:center;gap:.5rem;font-weight:700;font-size:1.1rem;color:var(--ink);
        text-decoration:none;letter-spacing:-.01em}
        .brand svg{fill:var(--accent)}
        .top nav ul{display:flex;flex-wrap:wrap;gap:.15rem .25rem;list-style:none;margin:0;padding:0}
        .top nav a{display:block;padding:.3rem .6rem;border-radius:.4rem;color:var(--soft);text-decoration:none}
        .top nav a:hover{color:var(--ink);background:var(--wash)}
        .top nav a[aria-current]{color:var(--ink);background:var(--wash);font-weight:600}
        .search{display:flex;gap:.4rem;margin-left:auto;flex:0 1 21rem;min-width:0}
        input,button,select{font:inherit;color:inherit}
        input[type=search]{flex:1;min-width:0;padding:.35rem .7rem;border:1px solid var(--line);border-radius:.45rem;
        background:var(--paper)}
        select{padding:.3rem .5rem;border:1px solid var(--line);border-radius:.45rem;background:var(--card)}
        button{padding:.35rem .85rem;border:1px solid var(--line);border-radius:.45rem;background:var(--wash);cursor:pointer}
        button:hover{border-color:var(--soft)}
        main{max-width:76rem;margin:0 auto;padding:1.4rem 1.25rem 3rem}
        footer{border-top:1px solid var(--line);color:var(--soft);font-size:.9rem}
        footer p{max-width:76rem;margin:0 auto;padding:1rem 1.25rem;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
        footer a{color:inherit}
        .trail ol{display:flex;flex-wrap:wrap;gap:.2rem .5rem;list-style:none;margin:0 0 .6rem;padding:0;font-size:.92rem}
        .trail li+li::before{content:"/";color:var(--soft);margin-right:.5rem}
        .title{margin-bottom:1.3rem}
        .kind{margin:0 0 .15rem;font-size:.8rem;letter-spacing:.06em;text-transform:uppercase;color:var(--soft)}
        .lead{color:var(--soft);max-width:50rem;margin:.45rem 0 0}
        section{margin:0 0 2.1rem}section>h2{margin-bottom:.7rem}
        .note{color:var(--soft);max-width:50rem;margin:-.3rem 0 .8rem}
        .more{margin-top:1rem}

        """

    private static let content = """
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:0 2.5rem;margin:0;
        border-top:1px solid var(--line)}
        .facts div{display:grid;grid-template-columns:8.5rem minmax(0,1fr);gap:.75rem;padding:.5rem 0;
        border-bottom:1px solid var(--line)}
        .facts div:has(.whole){grid-column:1/-1}
        .facts dt{color:var(--soft)}.facts dd{margin:0;min-width:0}
        .facts.wide{grid-template-columns:1fr}
        .counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.8rem;margin:0 0 2rem;padding:0;
        list-style:none}
        .counts a{display:block;padding:.85rem 1rem;border:1px solid var(--line);border-radius:.6rem;background:var(--card);
        text-decoration:none;color:inherit;height:100%}
        .counts a:hover{border-color:var(--accent)}
        .counts b{display:block;font-size:1.6rem;line-height:1.2;font-weight:650;letter-spacing:-.02em}
        .counts span{color:var(--soft)}
        .verdict{display:inline-block;padding:.05rem .55rem;border-radius:.4rem;font-size:.88rem;white-space:nowrap;
        color:var(--none);background:var(--none-wash)}
        .verdict::before{content:"– "}
        .verdict.good{color:var(--good);background:var(--good-wash)}.verdict.good::before{content:"✓ "}
        .verdict.bad{color:var(--bad);background:var(--bad-wash)}.verdict.bad::before{content:"✕ "}
        .verdict.doubt{color:var(--doubt);background:var(--doubt-wash)}.verdict.doubt::before{content:"? "}
        .verdict.base{color:var(--base);background:var(--base-wash)}.verdict.base::before{content:"▦ "}
        .mark{border-left:.25rem solid var(--bad);background:var(--bad-wash);padding:.6rem .9rem;border-radius:.3rem;
        margin:0 0 1rem}
        .empty{border:1px dashed var(--line);border-radius:.6rem;padding:1.4rem;color:var(--soft);background:var(--card)}
        .empty p{margin:0 0 .5rem}.empty p:last-child{margin:0}
        pre{overflow-x:auto;margin:.4rem 0;padding:.7rem .9rem;border-radius:.5rem;background:var(--wash);
        overflow-wrap:normal;max-width:100%}
        .json{white-space:pre-wrap;overflow-wrap:anywhere}
        .tabs{display:flex;flex-wrap:wrap;gap:.35rem;list-style:none;margin:0 0 1rem;padding:0}
        .tabs a{display:block;padding:.25rem .7rem;border:1px solid var(--line);border-radius:.45rem;text-decoration:none;
        color:var(--soft);background:var(--card)}
        .tabs a[aria-current]{color:var(--ink);border-color:var(--accent);font-weight:600}
        .columns{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:0 2.5rem}
        .drop{border:2px dashed var(--line);border-radius:.7rem;padding:1.3rem;background:var(--card)}
        .drop.over{border-color:var(--accent);background:var(--wash)}
        .drop p{margin:.2rem 0 .8rem;color:var(--soft)}
        .drop input{max-width:100%}
        .button{display:inline-block;padding:.35rem .85rem;border:1px solid var(--line);border-radius:.45rem;
        background:var(--wash);text-decoration:none;color:inherit}
        .plain{list-style:none;margin:0;padding:0}.plain li{padding:.4rem 0;border-bottom:1px solid var(--line)}
        .by{color:var(--soft)}
        .layer{border:1px solid var(--line);border-radius:.5rem;background:var(--card);padding:.6rem .9rem;margin:0 0 .5rem}
        .layer p{margin:.15rem 0}

        """

    private static let tables = """
        .scroll{overflow-x:auto;max-width:100%}
        table{border-collapse:collapse;width:100%}
        th,td{padding:.5rem .75rem .5rem 0;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--line);
        font-weight:400}
        thead th{color:var(--soft);font-size:.85rem;border-bottom:1px solid var(--soft);white-space:nowrap}
        tbody tr:hover{background:var(--wash)}
        .num{text-align:right;white-space:nowrap;padding-right:1.5rem}
        th.main{font-weight:600;min-width:9rem}
        td.wide{min-width:12rem}td.tight,th.tight{white-space:nowrap}
        .matrix th,.matrix td{text-align:center;padding:.5rem .6rem}
        .matrix th[scope=row],.matrix thead th:first-child{text-align:left;padding-left:0}

        """

    private static let plots = """
        figure{margin:0}figcaption{color:var(--soft);font-size:.9rem;margin-top:.3rem}
        svg.plot,svg.graph{display:block;width:100%;height:auto;max-height:34rem}
        svg text{font:12px system-ui,sans-serif;fill:var(--soft)}
        svg .axis{stroke:var(--line);stroke-width:1}
        svg .good{fill:var(--good)}svg .bad{fill:var(--bad)}svg .doubt{fill:var(--doubt)}svg .none{fill:var(--none)}
        svg .area{fill:var(--base);opacity:.25}svg .line{fill:none;stroke:var(--base);stroke-width:2}
        svg .edge{fill:none;stroke:var(--soft);stroke-width:1.25;opacity:.55}
        svg .node rect{fill:var(--card);stroke:var(--line)}
        svg .node text{fill:var(--ink)}svg .node .sub{fill:var(--soft);font-size:11px}
        svg a:hover rect,svg a:focus rect{stroke:var(--accent);stroke-width:2}
        .legend{display:flex;flex-wrap:wrap;gap:.3rem 1rem;list-style:none;margin:.6rem 0 0;padding:0;font-size:.9rem}
        .bars{list-style:none;margin:0;padding:0}

        """

    private static let narrow = """
        @media(max-width:54rem){.columns{grid-template-columns:minmax(0,1fr)}.search{flex:1 1 100%;margin-left:0}}
        @media(max-width:40rem){
        main{padding:1rem .9rem 2rem}.bar{padding:.6rem .9rem}footer p{padding:1rem .9rem}
        .facts div{grid-template-columns:6.5rem minmax(0,1fr)}
        .list thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .list,.list tbody,.list tr,.list th,.list td{display:block;width:100%;text-align:left;white-space:normal}
        .list tr{padding:.6rem 0;border-bottom:1px solid var(--line)}
        .list th,.list td{border:0;padding:.12rem 0;min-width:0}
        .list td{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.75rem}
        .list td::before{content:attr(data-label);color:var(--soft);font-size:.88rem}
        .list td:empty{display:none}.list td>.verdict,.list td>a:has(.verdict){justify-self:start}
        }
        @media print{.top,footer,.skip{display:none}}

        """
}
