import { Injectable } from '@nestjs/common';
import { ApiConfig } from './slices';

/** The base of the links that leave Vigil: the setting, or this host under the port that was chosen at start. */
@Injectable()
export class PublicUrl {
  private port: number;

  constructor(private readonly config: ApiConfig) {
    this.port = config.httpPort;
  }

  /** Without a trailing slash. */
  get base(): string {
    return this.config.publicUrl ?? `http://localhost:${this.port}`;
  }

  /** The port that the API listens on; it differs from the setting when that is 0. */
  listensOn(port: number): void {
    this.port = port;
  }
}
