import ContentAddress

/// The database of dpkg: paragraphs of fields (deb-control(5)), and lists of MD5 digests beside them.
package enum DpkgDatabase {
    /// The installed packages in a `status` file, or in one of distroless images' `status.d`.
    ///
    /// A paragraph without name or version is passed over. Configuration files come with the digests that they were
    /// installed with.
    package static func packages(in status: [UInt8]) -> [InstalledPackage] {
        var packages: [InstalledPackage] = []
        var fields: [String: [ArraySlice<UInt8>]] = [:]
        var last: String?
        func end() {
            if let package = package(fields) { packages.append(package) }
            fields = [:]
            last = nil
        }
        for line in status.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) {
                end()
            } else if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
                if let last { fields[last, default: []].append(line.dropFirst()) }
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
                fields[name] = [line[line.index(after: colon)...]]
                last = name
            }
        }
        end()
        return packages
    }

    /// The digests in a file `NAME.md5sums`: a digest, white space and a path from the root on each line.
    package static func sums(in list: [UInt8]) -> [InstalledPackage.File] {
        list.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let digits = line.prefix(32)
            let path = line.dropFirst(32).drop { $0 == UInt8(ascii: " ") }
            guard line.count > 34, let sum = Hexadecimal.decode(digits), sum.count == 16, !path.isEmpty else {
                return nil
            }
            return InstalledPackage.File(path: Array(path), sum: sum)
        }
    }

    private static func package(_ fields: [String: [ArraySlice<UInt8>]]) -> InstalledPackage? {
        func text(_ name: String) -> String? {
            fields[name]?.first.flatMap { line in
                let text = String(decoding: line, as: UTF8.self).split(separator: " ").joined(separator: " ")
                return text.isEmpty ? nil : text
            }
        }
        guard let name = text("package"), let version = text("version") else { return nil }
        // Want, error, state (dpkg-query(1)); what was removed but for its configuration isn't there.
        if let status = text("status"), status.split(separator: " ").last != "installed" { return nil }
        var package = InstalledPackage(kind: .deb, name: name, version: version)
        package.architecture = text("architecture")
        if let words = text("source")?.split(separator: " "), let source = words.first {
            package.source = String(source)
            if words.count > 1 { package.sourceVersion = words[1].filter { $0 != "(" && $0 != ")" } }
        }
        for line in (fields["conffiles"] ?? []).dropFirst() {
            let words = line.split(separator: UInt8(ascii: " "))
            // The third word says that the package has it no more, or that it was removed on upgrade.
            guard words.count == 2, words[0].first == UInt8(ascii: "/"), let sum = Hexadecimal.decode(words[1]),
                sum.count == 16
            else { continue }
            package.files.append(InstalledPackage.File(path: Array(words[0].dropFirst()), sum: sum))
        }
        return package
    }
}
