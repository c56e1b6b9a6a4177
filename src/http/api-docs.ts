import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { buildInfo } from '../config/build-info';

/** Serves the API's description: `/docs` to read and try, `/docs-json` as OpenAPI 3. */
export function serveApiDocs(app: INestApplication): void {
  const document = new DocumentBuilder()
    .setTitle('Vigil')
    .setDescription('Takes alerts from Alertmanager, investigates them, and shows what it found.')
    .setVersion(buildInfo().version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The token of `VIGIL_API_TOKEN`' })
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    customSiteTitle: 'Vigil API',
  });
}
