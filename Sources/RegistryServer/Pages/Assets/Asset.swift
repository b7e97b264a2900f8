import ContentAddress

/// A file that pages load.
struct Asset: Sendable {
    /// Its name, with the first digits of its digest: another one for other bytes.
    let name: String
    let type: String
    let bytes: [UInt8]

    init(_ stem: String, _ suffix: String, type: String, _ text: String) {
        bytes = Array(text.utf8)
        name = "\(stem)-\(Digest.of(bytes).hex.prefix(16)).\(suffix)"
        self.type = type
    }
}

/// The files that pages load.
enum Assets {
    static let styles = Asset("style", "css", type: "text/css; charset=utf-8", StyleSheet.text)
    static let script = Asset("script", "js", type: "text/javascript; charset=utf-8", Script.text)
    static let icon = Asset("icon", "svg", type: "image/svg+xml", iconText)

    static func named(_ name: String) -> Asset? { [styles, script, icon].first { $0.name == name } }

    private static let iconText = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g fill="#8a4b2a"><rect x="3" y="4" width="5" \
        height="16" rx="1"/><rect x="9.5" y="2" width="5" height="18" rx="1"/><rect x="16" y="6" width="5" height="14" \
        rx="1"/></g></svg>
        """
}
