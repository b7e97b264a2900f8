import HTTP
package import ImageTransport
package import OCI
import SystemIO

/// Opens images in registries, `docker://[host[:port]/]repository[:tag][@digest]`.
///
/// Calls block. Before the first one nothing is started.
package final class RegistryImages: RegistryAccess {
    private let options: RegistryOptions
    private let link = SharedValue<HTTPLink?>(nil)

    /// Registries, talked to in this way.
    package init(_ options: RegistryOptions) {
        self.options = options
    }

    /// How long a container engine is waited for.
    package var enginePatience: Patience { options.enginePatience }

    /// Hands a warning on to whoever gave the options.
    package func warn(_ text: String) { options.warn(text) }

    /// Opens an image for reading: its manifest is fetched and checked.
    package func source(_ reference: String) throws(TransportError) -> any ImageSource {
        do throws(RegistryError) {
            return try RegistrySource(session(try RegistryLocation(parsing: reference), for: "pull"))
        } catch {
            throw error.transport
        }
    }

    /// Opens a repository for writing.
    ///
    /// The image gets the reference's tag, else the name's, else `latest`; none where the reference has a digest.
    package func destination(
        _ reference: String,
        name: ImageReference?
    ) throws(TransportError) -> any ImageDestination {
        do throws(RegistryError) {
            let location = try RegistryLocation(parsing: reference)
            let tag = location.digest == nil ? location.tag ?? name?.tag : location.tag
            return RegistryDestination(try session(location, for: "pull,push"), tag: tag)
        } catch {
            throw error.transport
        }
    }

    func session(_ location: RegistryLocation, for actions: String) throws(RegistryError) -> RegistrySession {
        let options = options
        let result = link.update { link -> Result<HTTPLink, RegistryError> in
            do throws(RegistryError) {
                if let link { return .success(link) }
                let opened = try HTTPLink(options)
                link = opened
                return .success(opened)
            } catch {
                return .failure(error)
            }
        }
        return try RegistrySession(
            location,
            link: try result.get(),
            options: options,
            scopes: ["repository:\(location.repository):\(actions)"]
        )
    }
}
