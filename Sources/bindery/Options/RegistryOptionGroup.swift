import ArgumentParser
import CBuildVersion
import Foundation
import HTTP
import ImageTransport
import ObjectStorage
import RegistryClient

/// How registries are talked to, for each command that takes `docker://`.
struct RegistryOptionGroup: ParsableArguments {
    @Option(
        help: ArgumentHelp("Trust the certificate authorities in this PEM file, too (docker://).", valueName: "file"),
        completion: .file()
    )
    var tlsCa: String?

    @Flag(
        help: "Take any certificate, and plain HTTP where there is none (docker://); not needed for loopback addresses."
    )
    var insecure = false

    @Option(
        help: ArgumentHelp(
            """
            Give up on a registry or an engine that is silent for so many seconds, or moves less than 1 KiB in each of \
            them (by default 60; 180 until a registry answers, 600 until an engine does).
            """,
            valueName: "seconds"
        )
    )
    var timeout: Int?

    func validate() throws {
        RegistryUse.record(
            given: [tlsCa == nil ? nil : "--tls-ca", insecure ? "--insecure" : nil].compactMap(\.self),
            timeout: timeout != nil
        )
        guard let timeout, !(1...86_400).contains(timeout) else { return }
        throw ValidationError("--timeout \(timeout): between 1 and 86400 seconds are expected")
    }

    /// The way to registries.
    var access: any RegistryAccess { RecordedRegistries(registries: RegistryImages(registryOptions)) }

    /// What a registry lists.
    func listing(_ place: RegistryPlace) -> RegistryListing {
        RegistryUse.recordUse()
        return RegistryImages(options(for: place)).listing(place)
    }

    /// The way to a server, by the token in BINDERY_TOKEN where there is one.
    func access(to place: RegistryPlace) -> any RegistryAccess {
        RecordedRegistries(registries: RegistryImages(options(for: place)))
    }

    private func options(for place: RegistryPlace) -> RegistryOptions {
        var options = registryOptions
        if let token = EnvironmentVariable.value("BINDERY_TOKEN") { options.tokens[place.host] = token }
        return options
    }

    /// The way to registries while a client waits: they are asked twice, and not for long.
    static var impatient: any RegistryAccess {
        var options = RegistryOptions(environment: ProcessInfo.processInfo.environment)
        options.patience = Patience(seconds: 10)
        (options.retry.attempts, options.retry.largestWait) = (2, 1)
        options.userAgent = "bindery/\(String(cString: build_version()))"
        options.warn = Warnings.say
        return RegistryImages(options)
    }

    /// The way to files at addresses of the web; the fields go with each request to an origin that is asked for.
    func web(_ fields: [(name: String, value: String)]) throws -> WebFiles {
        try WebFiles(registryOptions, fields: fields)
    }

    /// The way to object storage.
    var objectStorage: ObjectStorageOptions {
        RegistryUse.recordUse()
        var http = HTTPOptions(environment: ProcessInfo.processInfo.environment)
        http.certificateAuthorities = tlsCa
        http.isInsecure = insecure
        http.userAgent = registryOptions.userAgent
        // It answers at once: nothing is unpacked there.
        http.patience = Patience(seconds: Double(timeout ?? 60))
        return ObjectStorageOptions(http)
    }

    private var registryOptions: RegistryOptions {
        var options = RegistryOptions(environment: ProcessInfo.processInfo.environment)
        options.certificateAuthorities = tlsCa
        options.isInsecure = insecure
        if let timeout {
            options.patience = Patience(seconds: Double(timeout))
            options.enginePatience = options.patience
        }
        options.userAgent = "bindery/\(String(cString: build_version()))"
        options.warn = Warnings.say
        return options
    }
}
