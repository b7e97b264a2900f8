/// A page in the text format of Prometheus, version 0.0.4, as it grows.
struct MetricsText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// Begins what is counted under a name.
    mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP bindery_\(name) \(help)\n# TYPE bindery_\(name) \(type)\n"
    }

    /// Adds a value; labels' values are words of our own, with nothing to escape.
    mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: some CustomStringConvertible) {
        let list = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        text += list.isEmpty ? "bindery_\(name) \(value)\n" : "bindery_\(name){\(list)} \(value)\n"
    }

    /// A number that stands alone.
    mutating func gauge(_ name: String, _ help: String, _ value: some CustomStringConvertible) {
        family(name, "gauge", help)
        sample(name, [], value)
    }
}
