import ContentAddress
import NIOHTTP1

/// A page: what it is called, where it belongs, and what stands on it.
struct Page {
    /// The parts of the site that the navigation leads to.
    enum Part: CaseIterable {
        case releases, images, audits, graph, storage, log

        var title: String {
            switch self {
            case .releases: "Releases"
            case .images: "Images"
            case .audits: "Audits"
            case .graph: "Graph"
            case .storage: "Storage"
            case .log: "Log"
            }
        }

        var link: Link {
            switch self {
            case .releases: .releases
            case .images: .images
            case .audits: .audits
            case .graph: .graph
            case .storage: .storage
            case .log: .log
            }
        }
    }

    let title: String
    var part: Part?
    /// Where it stands: links to what is above it.
    var trail: [HTML] = []
    /// What was searched for.
    var sought = ""
    /// A line above the title that says what kind of thing it is about.
    var kind: String?
    /// Under the title, in short.
    var lead: HTML?
    let body: HTML
    var status: HTTPResponseStatus = .ok

    /// The document.
    var html: HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title) · Bindery</title>
        <link rel="icon" href="\(Link.asset(Assets.icon.name))" type="image/svg+xml">
        <link rel="stylesheet" href="\(Link.asset(Assets.styles.name))">
        <script src="\(Link.asset(Assets.script.name))" defer></script>
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top"><div class="bar">
        <a class="brand" href="\(Link.home)">\(Self.mark)<span>Bindery</span></a>
        <nav aria-label="Main"><ul>\(navigation)</ul></nav>
        <form class="search" role="search" action="\(Link.search)" method="get">
        <label class="hidden" for="q">Search</label>
        <input id="q" name="q" type="search" value="\(sought)" maxlength="512" placeholder="digest, name, path"
        autocomplete="off" spellcheck="false"><button>Search</button>
        </form></div></header>
        <main id="main">
        \(crumbs)<div class="title">\(kindLine)<h1>\(title)</h1>\(leadLine)</div>
        \(body)</main>
        <footer><p>Bindery keeps each released binary once, by its SHA-256.
        <a href="\(Link.identify)">What is this file?</a>
        <a href="\(Link.document)">API</a></p></footer>
        </body>
        </html>

        """
    }

    private var navigation: HTML {
        Part.allCases.map { part -> HTML in
            let current: HTML = part == self.part ? " aria-current=\"page\"" : ""
            return "<li><a href=\"\(part.link)\"\(current)>\(part.title)</a></li>"
        }.joined()
    }

    private var crumbs: HTML? {
        guard !trail.isEmpty else { return nil }
        let items: [HTML] = trail.map { "<li>\($0)</li>" }
        return "<nav class=\"trail\" aria-label=\"Breadcrumb\"><ol>\(items)</ol></nav>\n"
    }

    private var kindLine: HTML? { kind.map { "<p class=\"kind\">\($0)</p>" } }
    private var leadLine: HTML? { lead.map { "<p class=\"lead\">\($0)</p>" } }

    /// The spines of three books.
    private static let mark: HTML = """
        <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><rect x="3" y="4" width="5" height="16" rx="1"/>\
        <rect x="9.5" y="2" width="5" height="18" rx="1"/><rect x="16" y="6" width="5" height="14" rx="1"/></svg>
        """
}
