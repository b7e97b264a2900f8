extension AtomicFile {
    /// Writes a whole file, or nothing; not durable at return.
    ///
    /// The mode is 0644. A link of that name is replaced, or with `followingLinks` what it leads to.
    package static func write(
        _ bytes: [UInt8],
        to target: String,
        followingLinks: Bool = false
    ) throws(SystemError) {
        let file = try create(target, followingLinks: followingLinks)
        try file.file.write(bytes)
        try file.commit(durable: false)
    }
}
