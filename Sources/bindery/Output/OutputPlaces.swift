import Glibc
import ImageTransport
import SystemIO

/// Where a call writes, looked at before its first byte: no two outputs under one path, one alone on standard output.
struct OutputPlaces {
    private struct Place {
        /// As it was asked for, `--sarif` or `oci:DIR:TAG`.
        let name: String
        /// Where two outputs that are equal in it would meet.
        let path: String
        /// Whether a second output may go there, too: a layout has many images.
        let isShared: Bool
    }

    private var places: [Place] = []
    private var inputs: [(name: String, status: FileStatus)] = []
    private var streams = 0

    /// Adds a file that an option names.
    mutating func add(_ option: String, file path: String?) {
        guard let path else { return }
        guard path != "-" else {
            streams += 1
            return
        }
        places.append(Place(name: option, path: Self.resolved(path), isShared: false))
    }

    /// Adds an image's destination.
    mutating func add(_ location: ImageLocation) {
        guard !location.isStandardStream else {
            streams += 1
            return
        }
        switch location {
        case .layout(let path, _): places.append(Place(name: "\(location)", path: Self.resolved(path), isShared: true))
        case .layoutArchive(let path, _), .dockerArchive(let path, _): add("\(location)", file: path)
        case .dockerDaemon, .containersStorage, .directory, .rootFileSystem, .container, .registry, .store: break
        }
    }

    /// Adds files that are read: no output may replace one of them.
    mutating func addInputs(_ paths: String?...) { addInputs(paths.compactMap(\.self)) }

    /// The same for several, also for images in archives, as they are written on the command line.
    mutating func addInputs(_ paths: [String]) {
        for path in paths where path != "-" {
            let place =
                switch try? ImageLocation(parsing: path) {
                case .dockerArchive(let file, _), .layoutArchive(let file, _): file
                default: path
                }
            if let status = try? FileStatus.of(place), status.kind == .file { inputs.append((path, status)) }
        }
    }

    private func checkInputs() throws(UsageError) {
        guard !inputs.isEmpty else { return }
        for place in places where !place.isShared {
            guard let status = try? FileStatus.of(place.path) else { continue }
            for input in inputs where input.status.identity == status.identity {
                throw UsageError(
                    description: "\(place.name) would replace \(input.name), which is read: name another place"
                )
            }
        }
    }

    /// Throws where an output lies in the store's directory, in which nothing else belongs.
    static func check(_ path: String?, outside store: String) throws(UsageError) {
        guard let path, path != "-", let root = real(store) else { return }
        var place = resolved(path)
        while real(place) == nil, place != Directory.parent(of: place) { place = Directory.parent(of: place) }
        guard (real(place) ?? place) == root || (real(place) ?? place).hasPrefix(root + "/") else { return }
        throw UsageError(
            description: "\(path) is inside the store \(store), in which only bindery writes: name another place"
        )
    }

    /// The same for a directory that gets files: `-` is none.
    static func check(directory path: String?, _ option: String, outside store: String) throws(UsageError) {
        guard path != "-" else {
            throw UsageError(
                description: "\(option) - : several files can't go to standard output, and ./- is a directory"
            )
        }
        try check(path, outside: store)
    }

    /// Leaves standard output to what is written there: results go to standard error then.
    ///
    /// Throws ``UsageError`` where the result is wanted as JSON, too, where two outputs meet, and for one in the store.
    func take(json: Bool, store: String) throws(UsageError) {
        for place in places { try Self.check(place.path, outside: store) }
        try checkInputs()
        var taken: [String: Place] = [:]
        for place in places {
            guard let other = taken.updateValue(place, forKey: place.path) else { continue }
            guard place.isShared, other.isShared, place.name != other.name else {
                throw UsageError(
                    description: place.name == other.name
                        ? "\(place.name) is given twice"
                        : "\(other.name) and \(place.name) would both be written to \(place.path)"
                )
            }
        }
        guard streams > 0 else { return }
        guard streams == 1 else { throw UsageError(description: "one output alone can go to standard output") }
        guard !json else { throw UsageError(description: "--json and a file can't both go to standard output") }
        Output.settings.hasFile = true
    }

    // The directory's own path, and the last component: where links lead.
    private static func resolved(_ path: String) -> String {
        let path = (try? Directory.following(path)) ?? path
        if let real = real(path), (try? FileStatus.ofLink(path))?.kind == .directory { return real }
        let parent = Directory.parent(of: path)
        return (real(parent) ?? parent) + "/" + Directory.lastComponent(of: path)
    }

    private static func real(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

extension Output {
    /// Leaves standard output to an archive that is written there; see ``OutputPlaces/take(json:)``.
    static func give(
        _ locations: ImageLocation...,
        reading inputs: [String] = [],
        json: Bool,
        store: String
    ) throws(UsageError) {
        try give(locations, reading: inputs, json: json, store: store)
    }

    /// The same for several destinations; `inputs` are files that are read, and images in archives.
    static func give(
        _ locations: [ImageLocation],
        reading inputs: [String],
        json: Bool,
        store: String
    ) throws(UsageError) {
        var places = OutputPlaces()
        places.addInputs(inputs)
        for location in locations { places.add(location) }
        try places.take(json: json, store: store)
    }
}
